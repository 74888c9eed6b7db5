/** Scripts that frameworks put into every workspace, and what their destructive words do. */
import type { Judgement } from '../finding.js';
import { destroys, disturbs } from './verdicts.js';

export interface ScriptRule {
  readonly script: RegExp;
  /** One of the arguments matches. */
  readonly word: RegExp;
  readonly verdict: Judgement;
}

/** Scripts of tools and of the user that only set up a shell, by their canonical path. */
export const SETS_UP_SHELL =
  /^~\/(?:\.(?:bashrc|bash_profile|profile|zshrc|zshenv|zprofile)|\.nvm\/nvm\.sh|\.cargo\/env|\.asdf\/asdf\.sh|\.sdkman\/bin\/sdkman-init\.sh|\.rvm\/scripts\/rvm|\.?(?:mini|ana)conda3?\/etc\/profile\.d\/conda\.sh)$|^\/etc\/(?:profile|bash\.bashrc|os-release)$/;

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
