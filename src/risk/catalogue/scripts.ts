/** Scripts that frameworks put into every workspace, and what their destructive words do. */
import type { Judgement } from '../finding.js';
import { changesLocally, destroys, disturbs, reads, rebuilds } from './verdicts.js';

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

const looks = reads('By its words it only looks.', 'code.lint');
const writesFiles = rebuilds('It only writes files of the workspace.');
const runsHere = rebuilds('It runs the application, or its tests, on this machine.', 'execute');

export const SCRIPTS: readonly ScriptRule[] = [
  { script: /manage\.py$/, word: /^(?:flush|reset_db|sqlflush|drop_\w+)$/, verdict: dropsDatabase },
  { script: /manage\.py$/, word: /^zero$/, verdict: dropsDatabase },
  {
    script: /manage\.py$/,
    word: /^(?:migrate|loaddata|createsuperuser|changepassword)$/,
    verdict: disturbs('It changes the database.', { kind: 'db.write' }),
  },
  { script: /artisan$/, word: /^(?:migrate:(?:fresh|reset|refresh)|db:wipe)$/, verdict: dropsDatabase },
  {
    script: /manage\.py$/,
    word: /^(?:showmigrations|check|diffsettings|sqlmigrate|inspectdb|show_urls|findstatic|help|validate_templates|print_settings)$/,
    verdict: looks,
  },
  {
    script: /manage\.py$/,
    word: /^(?:makemigrations|startapp|makemessages|compilemessages|collectstatic|squashmigrations|optimizemigration|graph_models)$/,
    verdict: writesFiles,
  },
  { script: /manage\.py$/, word: /^(?:test|testserver|runserver|runserver_plus)$/, verdict: runsHere },
  {
    script: /artisan$/,
    word: /^(?:migrate|db:seed)$/,
    verdict: disturbs('It changes the database.', { kind: 'db.write' }),
  },
  {
    script: /artisan$/,
    word: /^(?:list|about|help|env|inspire|(?:[\w-]+:)?(?:status|list|show|monitor)|db:table|model:show|schedule:list|--version|-V)$/,
    verdict: looks,
  },
  {
    script: /artisan$/,
    word: /^(?:make:[\w-]+|vendor:publish|stub:publish|ide-helper:\w+|lang:publish|key:generate)$/,
    verdict: writesFiles,
  },
  { script: /artisan$/, word: /^(?:test|serve|dusk|pail)$/, verdict: runsHere },
  {
    script: /artisan$/,
    word: /^(?:(?:cache|config|route|view|event|optimize|compiled|schedule):?(?:clear|cache|clear-cache)?|optimize|queue:(?:work|listen|restart))$/,
    verdict: changesLocally('It changes what the application keeps on this machine.', 'execute'),
  },
  {
    script: /bin\/console$/,
    word: /^(?:debug:[\w-]+|lint:[\w-]+|about|list|doctrine:(?:migrations:(?:status|list)|schema:validate|mapping:info))$/,
    verdict: looks,
  },
  {
    script: /bin\/console$/,
    word: /^(?:make:[\w-]+|cache:(?:clear|warmup)|doctrine:migrations:diff|assets:install)$/,
    verdict: writesFiles,
  },
  { script: /bin\/console$/, word: /^doctrine:(?:database|schema):drop$/, verdict: dropsDatabase },
];
