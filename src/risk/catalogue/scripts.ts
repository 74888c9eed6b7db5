/** Scripts that frameworks put into every workspace, and what their destructive words do. */
import type { Judgement } from '../finding.js';
import { destroys, disturbs } from './verdicts.js';

export interface ScriptRule {
  readonly script: RegExp;
  /** One of the arguments matches. */
  readonly word: RegExp;
  readonly verdict: Judgement;
}

const dropsDatabase = destroys('It empties or drops the whole database.', 'system', 'db.schema_change');

export const SCRIPTS: readonly ScriptRule[] = [
  { script: /manage\.py$/, word: /^(?:flush|reset_db|sqlflush|drop_\w+)$/, verdict: dropsDatabase },
  {
    script: /manage\.py$/,
    word: /^(?:migrate|loaddata|createsuperuser|changepassword)$/,
    verdict: disturbs('It changes the database.', { kind: 'db.write' }),
  },
  { script: /artisan$/, word: /^(?:migrate:(?:fresh|reset|refresh)|db:wipe)$/, verdict: dropsDatabase },
  { script: /bin\/console$/, word: /^doctrine:(?:database|schema):drop$/, verdict: dropsDatabase },
];
