/** PostgreSQL programs that destroy a database. */
import type { Program } from '../program.js';
import { destroys } from '../verdicts.js';

const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');

export const dropTools: Program = {
  programs: ['dropdb', 'pg_resetwal'],
  valueFlags: ['-h', '-p', '-U', '--host', '--port', '--username'],
  rules: [],
  otherwise: worst,
  examples: [{ run: 'dropdb app', tier: 4, points: 500 }],
};
