/** Programs that copy a database out. */
import { on, type Program } from '../program.js';
import { changesElsewhere } from '../verdicts.js';

export const dumpTools: Program = {
  programs: [
    'pg_dump',
    'pg_dumpall',
    'mysqldump',
    'mongodump',
    'mongoexport',
    'createdb',
    'vacuumdb',
    'reindexdb',
  ],
  rules: [
    on(
      '',
      { flags: ['-f', '--file', '--result-file'] },
      changesElsewhere('It copies a database into a file.', { verb: 'read', kind: 'db.query' }),
    ),
  ],
  otherwise: changesElsewhere('It copies or tends a database.', { verb: 'read', kind: 'db.query' }),
  examples: [{ run: 'pg_dump app', tier: 2, points: 5 }],
};
