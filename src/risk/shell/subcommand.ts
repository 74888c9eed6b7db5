/** What a program that nobody knows says of itself: `server delete`, `apps:destroy`, `stanza-delete`. */
import { KEEPS_SECRETS, SPOKEN } from '../catalogue/spoken.js';
import { deploys, destroys, reads, removes, revealsSecrets } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { looksLikeSql } from '../graphql/envelope.js';
import { radiusOf, wordsOf } from '../naming.js';
import type { Invocation } from './invocation.js';

/** Words with which nobody means a small thing. */
const DESTROYS =
  /^(?:destroy(?:ed|er)?|delete[ds]?|deleteall|purge[ds]?|wipe|nuke|erase|drop(?:db|cluster|all)?|terminate|undefine|obliterate|expunge|shred|deletetable|deletefamily|deleteinstance)$/;
/** Words that may mean a line in a file, or a whole store. */
const REMOVES = /^(?:remove|rm|del|prune|clear|clean|forget|uninstall|truncate|down|expire)$/;
const RESETS = /^(?:reset|fresh|flush(?:all|db)?|downgrade|reinit|restore|factory)$/;
const DEPLOYS = /^(?:deploy|redeploy|publish|release|promote|rollout|ship|submit|deliver)$/;
/** With these it only looks. */
const LOOKS =
  /^(?:list|ls|get|show|describe|status|info|logs?|help|version|view|search|find|check|diff|validate|lint|test|plan|preview|whoami|doctor|init|login|config|completion)$/;
const TRIES = /^--?(?:dry-?run|plan|help|version|list|check|preview|diff|what-?if|h|noop|no-op)$/;
/** Programs that keep what nothing else keeps: stores, backups, machines. */
const KEEPERS =
  /hdfs|hadoop|nomad|k3s|rke2|sql|db|mongo|redis|rabbit|kafka|elastic|opensearch|influx|etcd|consul|vault|nats|minio|neo4j|cassandra|couch|clickhouse|manage\.py|artisan|migrat|prisma|-?orm\b|backup|pgback|restic|borg|kopia|duplicity|velero|barman|wal-?[ge]\b|snapper|btrfs|zfs|lvm|virsh|vagrant|multipass|lxc|incus|qm$|pct$|openstack|vultr|scaleway|hcloud|exoscale/i;

const WORDS_MAX = 3;
const WORD = /^[a-z][\w:.-]{1,40}$/i;

/** Words that say of a subcommand that it looks, as its first part or its last: `get-logs`, `db:migrate:status`. */
const LOOK_WORD =
  /^(?:list|ls|get|show|describe|status|stat|stats|info|log|logs|help|version|view|search|find|check|diff|validate|lint|plan|preview|whoami|doctor|print|inspect|tail|history|events?|ps|top|members|explain|lookup|count|current|heads?|health|ping|outdated|verify|routes|about|graph|tree|dir|read|cat|deps|metrics|usage|balance|peers|devices|debug|compile|issues|read|retrieve|summary|report|whois|who|docs?)$/;
/** Words that say of one that it changes something, or hands something out. */
const CHANGE_WORD =
  /^(?:create|add|new|set|unset|put|post|update|upgrade|edit|modify|patch|change|rename|move|mv|write|save|enable|disable|restart|stop|start|pause|resume|suspend|scale|apply|sync|merge|close|archive|lock|unlock|revert|assign|migrate|resize|replace|import|export|dump|restore|rollback|attach|detach|grant|revoke|invite|approve|reject|send|mail|exec|run|eval|invoke|shell|ssh|connect|open|console|fix|prune|clear|clean|reset|flush|sudo|kill|push|pull|install|uninstall|remove|rm|del|rotate|renew|seal|unseal|trigger|retry|cancel|promote|copy|cp|bootstrap|join|leave|drain|force|write-all|fetch)$/;
/** Objects whose reading gives a secret away. */
const SECRET_WORD = /^(?:secrets?|tokens?|passwords?|credentials?|keys?|env|environment|variables?|kv)$/;
/** Nouns that list when nothing else is said: `cf apps`. */
const LISTS_ALONE =
  /^(?:apps|services|orgs|spaces|buildpacks|marketplace|projects|domains|aliases|tasks|jobs)$/;
const LOOK_FLAG = /^--(?:list|describe|status|show|info|version|help)$/;
const CHANGE_FLAG = /^--?(?:delete|alter|create|reset|execute|apply|set|add|remove|fix|write|force)(?:-|=|$)/;
const LOOK_WORDS_MAX = 4;
const LOOKS_ONLY = reads('By its words it only looks.', 'http.get');
const SHOWS_SECRETS = revealsSecrets('By its words it prints secrets.');

/** The verdict on a subcommand that only looks by its words, `db list`, `get-logs`; null for any other. */
export function judgeLook({ name, args }: Pick<Invocation, 'name' | 'args'>): Judgement | null {
  if (args.some(({ text }) => CHANGE_FLAG.test(text))) return null;
  const stated = subcommandOf(args, LOOK_WORDS_MAX).map(wordsOf);
  const words = stated.flat();
  if (words.some((word) => CHANGE_WORD.test(word) || says(word))) return null;
  const looks =
    stated.some((parts) => LOOK_WORD.test(parts[0] ?? '') || LOOK_WORD.test(parts.at(-1) ?? '')) ||
    (stated.length === 1 && LISTS_ALONE.test(words.join(' '))) ||
    args.some(({ text }) => LOOK_FLAG.test(text));
  if (!looks) return null;
  const prints = words.some((word) => /^(?:get|read|show|view|print|cat|export)$/.test(word));
  const secret = KEEPS_SECRETS.has(name) || words.some((word) => SECRET_WORD.test(word));
  return prints && secret ? SHOWS_SECRETS : LOOKS_ONLY;
}

/** As `judgeLook`, for a program that the catalogue knows by no more than its name. */
export function judgeSpoken(invocation: Pick<Invocation, 'name' | 'args'>): Judgement | null {
  return SPOKEN.has(invocation.name) ? judgeLook(invocation) : null;
}

const says = (word: string): boolean =>
  [DESTROYS, REMOVES, RESETS, DEPLOYS].some((vocabulary) => vocabulary.test(word));

/** The verdict that the words of a command support, when they say that it destroys or puts something into service. */
export function judgeSubcommand({ name, args }: Pick<Invocation, 'name' | 'args'>): Judgement | null {
  if (args.some(({ text }) => TRIES.test(text))) return null;
  const stated = subcommandOf(args);
  const words = wordsOf([...stated, ...flagsOf(name, args)].join(' '));
  const first = words[0];
  if (first !== undefined && LOOKS.test(first)) return null;
  const named = wordsOf(name.slice(name.lastIndexOf('/') + 1));
  const all = [...named.slice(1), ...words];
  const isSchema =
    words.some((word) => /^(?:migrate|migrations?|schema)$/.test(word)) &&
    words.some((word) => RESETS.test(word));
  const radius = KEEPERS.test(name) || isSchema ? 'system' : radiusOf(stated.join(' '));
  const says = (vocabulary: RegExp): boolean => all.some((word) => vocabulary.test(word));
  if (SIMULATORS.test(name)) return null;
  if (says(DESTROYS)) {
    return destroys('By its words it destroys something.', radius === 'object' ? 'object' : radius);
  }
  if (says(RESETS) && radius !== 'object') return destroys('By its words it resets a whole store.', radius);
  if (says(REMOVES) && radius !== 'object') return destroys('By its words it removes a whole store.', radius);
  if ([...named, ...words].some((word) => DEPLOYS.test(word))) {
    return deploys('By its words it puts something into service.');
  }
  if (/^push$/.test(words.at(-1) ?? '') || first === 'push')
    return deploys('By its words it pushes something out.');
  return says(REMOVES) && words.length > 1 && !LOCAL.test(name)
    ? removes('By its words it removes something.')
    : null;
}

/** Machines that are only pretended, and made anew in a minute. */
const SIMULATORS = /^(?:xcrun|simctl|avdmanager|emulator|idb)$/;

/** What they remove is on this machine, and is put back by one more command. */
const LOCAL =
  /(?:^|\/)(?:asdf|mise|nvm|fnm|pyenv|rbenv|sdk|rustup|conda|mamba|micromamba|uv|poetry|pdm|pipx|pipenv|hatch|rye|gem|bundle|composer|dotnet|nuget|cabal|stack|opam|mix|hex|dart|flutter|pub|code|cursor|volta|corepack|lerna|nx|turbo|expo|ng|jest|vitest|playwright|cypress|pre-commit|husky|tmux|screen|ccache|sccache|xcrun|xcodebuild|simctl|adb|emulator|mise|direnv|chezmoi|stow|git-\w+)$/;

/** The words before anything that is an operand by its looks. */
function subcommandOf(args: Invocation['args'], most = WORDS_MAX): string[] {
  const words: string[] = [];
  for (const { text, known } of args) {
    if (text.startsWith('-')) continue;
    if (!known || !WORD.test(text) || words.length === most) break;
    words.push(text);
  }
  return words;
}

/** Programs of stores say with flags what others say with words: `kafka-topics --delete`. */
const flagsOf = (name: string, args: Invocation['args']): string[] =>
  KEEPERS.test(name)
    ? args
        .map(({ text }) => text)
        .filter((text) => /^--?(?:delete|drop|purge|destroy|wipe|reset-offsets)|^-rmr?$/.test(text))
    : [];

/** Arguments that are statements of a database, by their looks. */
export const statementsIn = (args: Invocation['args']): Invocation['args'] =>
  args.filter(({ text, known }) => known && /\s/.test(text) && looksLikeSql(text));
