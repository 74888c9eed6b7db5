/** PostgreSQL programs that create and delete roles. */
import type { Program } from '../program.js';
import { grants } from '../verdicts.js';

export const accountTools: Program = {
  programs: ['dropuser', 'createuser'],
  rules: [],
  otherwise: grants('It changes who may use the database.'),
  examples: [{ run: 'createuser mallory', tier: 4, points: 50 }],
};
