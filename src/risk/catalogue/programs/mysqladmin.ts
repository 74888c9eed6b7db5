/** Programs that administer a database server. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, escalates, reads } from '../verdicts.js';

const look = reads('It only reads.', 'db.query');
const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');

export const mysqladmin: Program = {
  programs: ['mysqladmin', 'mariadb-admin', 'pg_ctl'],
  valueFlags: ['-h', '-u', '-P', '-D'],
  rules: [
    on('drop', {}, { does: worst, target: 'database {0}' }),
    on('shutdown|stop|kill', {}, escalates('It stops the database server.', 'system')),
    on('ping|status|version|processlist|extended-status|variables', {}, look),
  ],
  otherwise: disturbs('It changes the database server.', { kind: 'db.write' }),
  worst,
  examples: [
    { run: 'mysqladmin -u root drop app', tier: 4, points: 500 },
    { run: 'mysqladmin status', tier: 0, points: 0 },
  ],
};
