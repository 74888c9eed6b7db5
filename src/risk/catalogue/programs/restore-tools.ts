/** Programs that load a backup into a database. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, reads } from '../verdicts.js';

const look = reads('It only reads.', 'db.query');

export const restoreTools: Program = {
  programs: ['pg_restore', 'mongorestore', 'mongoimport'],
  rules: [
    on('', { flags: ['-l', '--list'] }, look),
    on(
      '',
      { flags: ['-c', '--clean', '--drop', '--create'] },
      destroys('It drops what is there before it restores.', 'system', 'db.schema_change'),
    ),
  ],
  otherwise: disturbs('It loads a whole backup into a database.', { kind: 'db.write', radius: 'collection' }),
  examples: [{ run: 'pg_restore --clean -d app dump', tier: 4, points: 500 }],
};
