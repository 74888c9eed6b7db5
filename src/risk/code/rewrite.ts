/** Says in plain words what code spells otherwise: home folders, quotes of Perl and Ruby, and loops over what is written out. */

/** Expressions for the home folder, in several languages. */
const HOME_WORDS =
  /(?:Path\.home\(\)|os\.path\.expanduser\(\s*["']~\/?["']\s*\)|os\.(?:environ\[\s*["'](?:HOME|USERPROFILE)["']\s*\]|environ\.get\(\s*["']HOME["'][^()]{0,40}\)|getenv\(\s*["']HOME["'][^()]{0,40}\))|(?:require\(\s*["'](?:node:)?os["']\s*\)|\bos)\.homedir\(\)|\bhomedir\(\)|process\.env(?:\.HOME|\.USERPROFILE|\[\s*["']HOME["']\s*\])|\bDir\.home(?:\(\))?|\bENV(?:\[\s*["']HOME["']\s*\]|\.fetch\(\s*["']HOME["'][^()]{0,40}\))|\$ENV\{["']?HOME["']?\}|\$_(?:SERVER|ENV)\[\s*["']HOME["']\s*\]|(?<!\w)getenv\(\s*["']HOME["']\s*\)|Deno\.env\.get\(\s*["']HOME["']\s*\)|System\.getProperty\(\s*["']user\.home["']\s*\))/
    .source;
const HERE_WORDS =
  /(?:(?:pathlib\.)?Path\.cwd\(\)|\bos\.getcwd\(\)|\bprocess\.cwd\(\)|\bDir\.pwd\b|(?<![.\w])getcwd\(\)|\bDeno\.cwd\(\))/
    .source;
const ROOT_WORDS = /\bos\.(?:sep|path\.sep)\b/.source;
const NAMES_PLACE = /home|expanduser|HOME|USERPROFILE|cwd|Dir\.pwd|os\.(?:path\.)?sep/;
const FOLDERS: readonly (readonly [string, string])[] = [
  [HOME_WORDS, '~'],
  [HERE_WORDS, '.'],
  [ROOT_WORDS, '/'],
];

/** `Path.home() / 'x'` is `'~/x'`. */
export function withFolders(code: string): string {
  if (!NAMES_PLACE.test(code)) return code;
  return FOLDERS.reduce(
    (text, [words, place]) =>
      text
        .replace(new RegExp(`\\$?\\{\\s*${words}\\s*\\}`, 'g'), place)
        .replace(new RegExp(`(?:pathlib\\.)?${words}`, 'g'), `'${place}'`),
    code,
  ).replace(
    /'([~.])'\s*\/\s*["']([^"'\n]{1,200})["']/g,
    (_, place: string, rest: string) => `'${place}/${rest}'`,
  );
}

const OPENS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
/** `q{…}`, `qq~…~`, `qx(…)`, `qw(…)`, `%q(…)`, `%x[…]`, `%w{…}`. */
const QUOTES = /(?<![\w$@%.])(?:%([qQxwWi])|(q|qq|qx|qw)\s*(?=[^\w\s,;=)]))([([{<|!~/#^+:"'])/g;
const QUOTED_LENGTH_MAX = 2_000;

/** Quotes in which Perl and Ruby give texts and lists. */
export function withQuotes(code: string): string {
  if (!/\bq[qxw]?\s*[^\w\s,;=)]|%[qQxwWi][([{<|!~/]/.test(code)) return code;
  const parts: string[] = [];
  let at = 0;
  for (const match of code.matchAll(QUOTES)) {
    const [whole, ruby, perl, open = ''] = match;
    const kind = (ruby ?? perl ?? '').toLowerCase();
    const start = match.index + whole.length;
    const close = OPENS[open] ?? open;
    const end = code.indexOf(close, start);
    if (match.index < at || end < 0 || end - start > QUOTED_LENGTH_MAX) continue;
    const inside = code.slice(start, end);
    if (perl !== undefined && open === '(' && /^\s*["'`]/.test(inside)) continue;
    parts.push(code.slice(at, match.index), written(kind, inside));
    at = end + 1;
  }
  return parts.join('') + code.slice(at);
}

function written(kind: string, inside: string): string {
  const words = inside.trim().split(/\s+/);
  if (/^[wi]$|^qw$/.test(kind)) return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  const text = JSON.stringify(inside.replace(/\\(?=[\\/'"])/g, ''));
  return /x$/.test(kind) ? `system(${text})` : text;
}

/** `for d in ("a", "b"):`, `for (const d of ["a", "b"])`. */
const OVER_LIST =
  /\b(?:for|foreach)\s*\(?\s*(?:const\s+|let\s+|var\s+|my\s+)?([$]?[A-Za-z_]\w*)\s*(?:in|of)?\s*[([]\s*((?:(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')(?:\s*,\s*|\s*(?=[)\]]))){1,12})[)\]]/g;
const LOOPS_MAX = 3;
const BODY_LENGTH_MAX = 2_000;

/** The rest of the code once for each text that a loop goes through. */
export function withRounds(code: string): string {
  let text = code;
  for (let round = 0; round < LOOPS_MAX; round += 1) {
    OVER_LIST.lastIndex = 0;
    const match = OVER_LIST.exec(text);
    if (match === null) return text;
    const [header, name = '', list = ''] = match;
    const end = match.index + header.length;
    const line = text.lastIndexOf('\n', match.index) + 1;
    const body = `${text.slice(line, match.index)}\n${text.slice(end, end + BODY_LENGTH_MAX)}`;
    const values = list.match(/"[^"\n]*"|'[^'\n]*'/g) ?? [];
    const rounds = values.map((value) => withValue(body, name, value));
    text = `${text.slice(0, line)}${rounds.join('\n')}${text.slice(end + BODY_LENGTH_MAX)}`;
  }
  return text;
}

function withValue(body: string, name: string, value: string): string {
  const plain = name.replaceAll('$', '\\$');
  return body
    .replace(new RegExp(`\\$?#?\\{\\s*${plain}\\s*\\}`, 'g'), () => value.slice(1, -1))
    .replace(new RegExp(`(?<![\\w$.])${plain}(?![\\w])`, 'g'), () => value);
}

/** `for v in client.volumes.list()`, `(v) => …` handed to `forEach`, `{ |v| … }` handed to `each`. */
const OVER_CALL =
  /\bfor\s*\(?\s*(?:await\s*\(\s*)?(?:const\s+|let\s+|var\s+)?([A-Za-z_]\w*)\s+(?:in|of)\s+((?:await\s+)?[A-Za-z_][\w$]*(?:\([^()\n]{0,80}\))?(?:\.[A-Za-z_]\w*(?:\([^()\n]{0,80}\))?){1,6})/g;
const MAPS =
  /\b(?:map|filter)\s*\(\s*lambda\s+([A-Za-z_]\w*)\s*:[^,\n]{1,200},\s*([A-Za-z_][\w$]*(?:\([^()\n]{0,80}\))?(?:\.[A-Za-z_]\w*(?:\([^()\n]{0,80}\))?){1,6})\s*\)/g;
const EACH =
  /(?<![\w$.)])([A-Za-z_][\w$]*(?:\([^()\n]{0,80}\))?(?:\.[A-Za-z_]\w*(?:\([^()\n]{0,80}\))?){1,6})\.(?:forEach|map|each)\s*(?:\(\s*(?:async\s*)?\(?\s*([A-Za-z_]\w*)\s*\)?\s*=>|\{\s*\|\s*([A-Za-z_]\w*)\s*\|)/g;
/** `.each(&:destroy)`. */
const EACH_BY_NAME = /\.(?:each|find_each|map)\s*\(?\s*&:(destroy|delete)!?\s*\)?/g;
const NAMES_MAX = 8;

/** A name that stands for each of what a call lists is written as that: `volumes.list().all.remove()`. */
export function withListed(written: string): string {
  if (!/\bfor\b|\bmap\s*\(|\.(?:forEach|map|each|find_each)\b/.test(written)) return written;
  const code = written.replace(EACH_BY_NAME, '.$1_all()');
  const found: (readonly [string, string])[] = [
    ...[...code.matchAll(OVER_CALL)].map(([, name = '', list = '']) => [name, list] as const),
    ...[...code.matchAll(MAPS)].map(([, name = '', list = '']) => [name, list] as const),
    ...[...code.matchAll(EACH)].map(([, list = '', one, two]) => [one ?? two ?? '', list] as const),
  ];
  return found
    .slice(0, NAMES_MAX)
    .reduce(
      (text, [name, list]) =>
        text.replace(
          new RegExp(`(?<![\\w$.])${name}\\.(?=[a-z]\\w*\\s*[(!}\\])]|[a-z]\\w*$)`, 'g'),
          () => `${list.replace(/^await\s+/, '')}.all.`,
        ),
      code,
    );
}
