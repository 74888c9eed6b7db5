/** Finds secrets in text: by where they stand and by the formats of known providers. Identifiers are left alone. */
import { memo } from '../memo.js';
import { isSecretName, looksRandom, mayBeSecretName, mayNameSecret } from './names.js';
import { namesBefore, placesOf, type Starts, schemes } from './starts.js';

export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Pattern {
  /** In lower case, what stands in every match; to look for that first is much cheaper. */
  readonly needs: readonly string[];
  readonly expression: RegExp;
  /** Where it can begin, for expressions that take long to find that out. */
  readonly starts?: Starts;
  /** Looks at the named groups before the match counts. */
  readonly accepts?: (groups: Readonly<Record<string, string | undefined>>) => boolean;
}

const named = (groups: Readonly<Record<string, string | undefined>>): boolean => {
  const name = groups.name ?? '';
  const value = groups.secret ?? groups.secret2 ?? groups.secret3 ?? '';
  return isSecretName(name) && !isReference(value) && !(/pwd$/i.test(name) && value.startsWith('/'));
};
const concrete = (groups: Readonly<Record<string, string | undefined>>): boolean =>
  !isReference(groups.secret ?? '');

/** A name that could mean a secret, or a flag of one letter, before a word that nobody would choose. */
const random = (groups: Readonly<Record<string, string | undefined>>): boolean => {
  const name = groups.name ?? '';
  return (/^[pkPw]$/.test(name) || mayBeSecretName(name)) && looksRandom(groups.secret ?? '');
};

/** `$TOKEN` names a secret and shows none; `Bearer` announces one; code says where it takes one from. */
export function isReference(value: string): boolean {
  return (
    /^\$\{?[A-Z][A-Z0-9_]*\}?$/.test(value) ||
    /^(?:bearer|basic|token|digest|negotiate)?$/i.test(value) ||
    /^(?:await$|new$|process\.env\b|os\.(?:environ|getenv)\b|import\.meta\.env\b|[A-Za-z_$][\w.$]{0,80}\($)/.test(
      value,
    )
  );
}

/** Keys that show by how they begin whose they are. */
const KEYS: readonly Pattern[] = [
  {
    needs: ['sk-', 'sk_', 'rk-', 'rk_', 'pk-', 'pk_'],
    expression:
      /(?<![A-Za-z0-9])(?<secret>(?:sk|rk|pk)[-_](?:live_|test_|proj-|ant-|or-)?[A-Za-z0-9_-]{16,})/g,
  },
  {
    needs: [
      ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'npm_', 'hf_', 'dop_v1_'],
      ...['shpat_', 'shpss_', 'shpca_', 'whsec_'],
    ],
    expression:
      /(?<![A-Za-z0-9])(?<secret>(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{20,}|dop_v1_[a-f0-9]{32,}|shp(?:at|ss|ca)_[a-fA-F0-9]{16,}|whsec_[\w+/=-]{16,}))/g,
  },
  {
    needs: ['akia', 'asia'],
    expression: /(?<![A-Za-z0-9])(?<secret>(?:AKIA|ASIA)[0-9A-Z]{16})(?![0-9A-Za-z])/g,
  },
  { needs: ['xox', 'xapp-'], expression: /(?<![A-Za-z0-9])(?<secret>xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,})/g },
  { needs: ['eyj'], expression: /(?<![A-Za-z0-9])(?<secret>eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?)/g },
  { needs: ['cyc_'], expression: /(?<![A-Za-z0-9])(?<secret>cyc_(?:live|test)_[\w-]+)/g },
  {
    needs: ['aiza', 'sg.', 'ya29.'],
    expression: /(?<![A-Za-z0-9])(?<secret>AIza[\w-]{30,}|SG\.[\w-]{10,}\.[\w-]{10,}|ya29\.[\w-]{20,})/g,
  },
  {
    needs:
      'dckr_pat_ pypi- sbp_ lin_api_ figd_ ntn_ xai- gsk_ r8_ glsa_ dapi gocspx- nfp_ hvs. fm2_ rnd_ sntrys_ age-secret-key-1 cycles_ rw_'.split(
        ' ',
      ),
    expression:
      /(?<![A-Za-z0-9])(?<secret>(?:dckr_pat_|pypi-|sbp_|lin_api_|figd_|ntn_|xai-|gsk_|r8_|glsa_|dapi|GOCSPX-|nfp_|hvs\.|fm2_|rnd_|sntrys_|AGE-SECRET-KEY-1|cycles_|rw_[A-Fa-f]+_)[\w+/=-]{16,})/g,
  },
];

const OTHERS: readonly Pattern[] = [
  {
    needs: ['-----begin'],
    expression:
      /(?<secret>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$))/g,
  },
  {
    needs: ['authorization'],
    expression:
      /authorization\\?["']?\s{0,4}[:=](?:\\?\s|%20){0,4}\\?["']?(?:(?:bearer|basic|token|apikey|digest|bot|negotiate)(?:\\?\s|%20|\+){1,4})?(?<secret>[^\s"'\\,}]+)/gi,
    accepts: concrete,
  },
  {
    needs: ['bearer', 'basic'],
    expression: /(?<![\w])(?:bearer|basic)(?:\\?\s|%20){1,4}(?<secret>[A-Za-z0-9._~+/=-]{8,})/gi,
  },
  {
    needs: ['x-', 'api', 'token', 'cookie'],
    expression:
      /(?<![\w-])(?:x-[\w-]{0,40}(?:key|token|secret|auth)|api-?key|private-token|job-token|(?:set-)?cookie)\\?["']?\s{0,4}:(?:\\?\s){0,4}\\?["']?(?<secret>[^"'\\\n]+)/gi,
    accepts: concrete,
  },
  {
    needs: ['-u', '--proxy-user'],
    expression:
      /(?<![\w-])(?:-u|--user|--proxy-user)[ =]?["']?(?!\d+:\d+(?:\D|$))[^\s:"']{1,100}:(?<secret>[^\s"']+)/g,
    accepts: concrete,
  },
  {
    needs: ['-b', '--cookie'],
    expression:
      /(?<![\w-])(?:-b|--cookie)[ =](?:"(?<secret>[^"=]*=[^"]*)"|'(?<secret2>[^'=]*=[^']*)'|(?<secret3>[^\s"'=]+=[^\s"']+))/g,
  },
  {
    needs: ['-'],
    expression:
      /(?<![\w-])--?(?<name>[A-Za-z][\w-]{1,60})(?:[ =]|\s{1,4})(?:"(?<secret>[^"]*)"|'(?<secret2>[^']*)'|(?<secret3>[^\s"'-][^\s"']*))/g,
    accepts: named,
  },
  {
    needs: ['='],
    expression:
      /(?<![\w.-])(?<name>[A-Za-z_][\w.-]{0,80})\s?=\s?(?:"(?<secret>[^"]*)"|'(?<secret2>[^']*)'|(?<secret3>[^\s"'&;,)]+))/g,
    starts: namesBefore('='),
    accepts: named,
  },
  {
    needs: [':'],
    expression:
      /(?<![\w.-])(?<name>[A-Za-z_][\w.-]{0,80})\\?["']?\s{0,4}:\s{0,4}\\?["'](?<secret>[^"'\\\n]+)/g,
    starts: namesBefore(':'),
    accepts: named,
  },
  {
    needs: [':'],
    expression: /(?<![\w.-])(?<name>[A-Za-z_][\w.-]{0,80}):\s{0,4}(?<secret>[^\s"'\\,;{}[\]()]{6,})/g,
    starts: namesBefore(':'),
    accepts: named,
  },
  {
    needs: ['://'],
    expression: /(?<![A-Za-z])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']{0,200}:(?<secret>[^\s/"']{1,300})@/gi,
    starts: schemes,
    accepts: concrete,
  },
  {
    needs: ['://'],
    expression: /(?<![A-Za-z])https?:\/\/(?<secret>[^\s/:@"']{20,300})@/gi,
    accepts: concrete,
  },
  {
    needs: ['mysql', 'mariadb'],
    expression: /(?<![\w-])(?:mysql(?:dump|admin)?|mariadb)\s[^\n|;]{0,300}?(?<=\s)-p(?<secret>[^\s"']+)/g,
    accepts: concrete,
  },
  {
    needs: ['slack.com', 'discord', 'api.telegram', 'webhook.office'],
    expression:
      /(?:hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/\d+\/|api\.telegram\.org\/bot|webhook\.office\.com\/webhookb2\/)(?<secret>[\w:/@-]{12,})/gi,
  },
  {
    needs: ['password', 'identified'],
    expression:
      /(?<![\w])(?:password|identified\s{1,4}(?:with\s{1,4}\w{1,40}\s{1,4})?(?:by|as))\s{0,4}[=(]?\s{0,4}[EN]?(?:['"\\$]{1,6})(?<secret>[^'"\\$\n]+)/gi,
    accepts: concrete,
  },
  {
    needs: ['login'],
    expression:
      /(?<![\w-])login\s[^\n|;]{0,300}?(?<=\s)(?:-p|-P|-w|--password)[ =]?["']?(?<secret>[^\s"']+)/g,
    accepts: concrete,
  },
  {
    needs: ['set', 'config'],
    expression:
      /(?<![\w-])(?:set|config(?!\s{1,4}set\s))\s{1,4}(?:--?[a-z]+\s{1,4}){0,3}["']?(?<name>[\w./:@-]{2,120})["']?[\s=]{1,4}(?:"(?<secret>[^"]+)"|'(?<secret2>[^']+)'|(?<secret3>[^\s"'-][^\s"']*))/g,
    accepts: (groups) => named(groups) && !/^[a-z]{1,12}$/.test(groups.secret3 ?? ''),
  },
  {
    needs: ['pass:'],
    expression: /(?<=-pass(?:in|out)?[ =]["']?)pass:(?<secret>[^\s"':]+)/g,
    starts: placesOf('pass:'),
    accepts: concrete,
  },
  {
    needs: ['='],
    expression:
      /[?&](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token)=(?<secret>[^&\s"'\\]+)/gi,
    accepts: concrete,
  },
  {
    needs: ['-'],
    expression: /(?<![\w-])--?(?<name>[A-Za-z][\w-]{0,60})(?:[ =]|\s{1,4})["']?(?<secret>[^\s"']{12,512})/g,
    accepts: random,
  },
  {
    needs: ['='],
    expression: /[?&](?<name>[\w.-]{1,60})=(?<secret>[^&\s"'\\]{12,512})/g,
    accepts: random,
  },
  {
    needs: ['sshpass', 'redis-cli'],
    expression:
      /(?<![\w-])(?:sshpass\s{1,4}-p|redis-cli\s[^\n|;]{0,300}?(?<=\s)-a)\s{0,4}["']?(?<secret>[^\s"']+)/g,
    accepts: concrete,
  },
];

/** Every pattern needs a sign or one of these words, and most texts have none. */
const SIGN = /[=:@-]/;
const WORD = /bearer|basic|password|identified|\b(?:set|config|login)\b|\w{12}/i;
/** Without a sign no secret is shown in fewer characters. */
const UNSIGNED_LENGTH_MIN = 8;

const escaped = (text: string): string => text.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');
const oneOf = (patterns: readonly Pattern[]): string =>
  [...new Set(patterns.flatMap(({ needs }) => needs))]
    .filter((part) => part.length > 1)
    .map(escaped)
    .join('|');
/** Most texts hold no such key, which one search tells for all of them; the sign of Kelvin is no `k` before one. */
const KEY = new RegExp(`(?<![a-jl-z0-9])(?:${oneOf(KEYS)})`);
/** What the others need that is more than a sign. */
const TELLING = new RegExp(oneOf(OTHERS));
/** The patterns that are left for texts without any of that. */
const UNTOLD = OTHERS.filter(({ needs }) => needs.some((part) => part.length === 1));

/** The secrets of a text as ordered, disjoint ranges of UTF-16 code units. */
export function findSecrets(text: string): readonly Range[] {
  if (!SIGN.test(text) && (text.length < UNSIGNED_LENGTH_MIN || !WORD.test(text))) return [];
  const found: Range[] = [];
  const lower = text.toLowerCase();
  if (KEY.test(lower)) for (const pattern of KEYS) addFrom(text, lower, pattern, found);
  let names: boolean | undefined;
  for (const pattern of TELLING.test(lower) ? OTHERS : UNTOLD) {
    if (pattern.accepts === named) {
      names ??= mayNameSecret(lower);
      if (!names) continue;
    }
    addFrom(text, lower, pattern, found);
  }
  return merged(found);
}

function addFrom(text: string, lower: string, pattern: Pattern, found: Range[]): void {
  if (!holdsOne(lower, pattern.needs)) return;
  if (pattern.starts === undefined) addMatches(text, pattern, found);
  else addMatchesAt(pattern.starts(text), text, pattern, found);
}

function addMatches(text: string, pattern: Pattern, found: Range[]): void {
  const { expression } = pattern;
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text))
    addSecret(match, pattern, found);
}

/** The same for a pattern of which is known where it can begin. */
function addMatchesAt(starts: readonly number[], text: string, pattern: Pattern, found: Range[]): void {
  if (starts.length === 0) return;
  const expression = fixed(pattern);
  let end = 0;
  for (const start of starts) {
    if (start < end) continue;
    expression.lastIndex = start;
    const match = expression.exec(text);
    if (match === null) continue;
    end = expression.lastIndex;
    addSecret(match, pattern, found);
  }
}

function addSecret(match: RegExpExecArray, { accepts }: Pattern, found: Range[]): void {
  const groups = match.groups ?? {};
  if (accepts !== undefined && !accepts(groups)) return;
  const secret = groups.secret ?? groups.secret2 ?? groups.secret3;
  if (secret === undefined || secret === '') return;
  const start = match.index + match[0].lastIndexOf(secret);
  found.push({ start, end: start + secret.length });
}

/** The expression of a pattern for one place only. */
const fixed = memo(({ expression }: Pattern) => new RegExp(expression, expression.flags.replace('g', 'y')));

function holdsOne(text: string, parts: readonly string[]): boolean {
  for (const part of parts) if (text.includes(part)) return true;
  return false;
}

/** Ordered and disjoint. */
export function merged(ranges: Range[]): readonly Range[] {
  if (ranges.length < 2) return ranges;
  ranges.sort((left, right) => left.start - right.start);
  const result: Range[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last !== undefined && range.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      result.push(range);
    }
  }
  return result;
}
