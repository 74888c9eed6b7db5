/** A stand-in for psql and the database behind it: a program of that name, and a table that it drops. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Ran, run } from './agent.js';

export const TABLE = 'executives';
export const DROP_TABLE = `psql postgresql://app@staging-db.internal/app -c 'DROP TABLE ${TABLE} CASCADE'`;

/** Drops the table once, and says what psql would say; each run is written down. */
const PROGRAM = `#!/bin/sh
cd "$(dirname "$0")" && echo run >> runs
if [ -f ${TABLE} ]; then rm ${TABLE} && echo 'DROP TABLE'; else echo 'ERROR:  table "${TABLE}" does not exist'; exit 1; fi
`;

export class PsqlStandIn {
  /** @param folder where it may live, which whoever made it removes */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'psql'), PROGRAM, { mode: 0o755 });
    writeFileSync(join(folder, TABLE), '');
  }

  /** Runs the command as a harness does. */
  run(command: string): Promise<Ran> {
    const path = [this.folder, process.env['PATH']].join(delimiter);
    return run('sh', ['-c', command], '', { ...process.env, PATH: path });
  }

  hasTable(): boolean {
    return existsSync(join(this.folder, TABLE));
  }

  /** How many times the program was run. */
  runs(): number {
    const log = join(this.folder, 'runs');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
  }
}
