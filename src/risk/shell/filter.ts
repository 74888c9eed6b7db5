/** What small filters print of what they are fed, so that a shell behind them is judged by what it runs. */
import {
  type Argument,
  joinTaint,
  type ParsedArguments,
  parseArguments,
  unknownValue,
  type Value,
} from './argument.js';
import { awkPrints, cutLines, sedPrints, translated } from './filtering.js';
import { isAnswer, told } from './guess.js';
import type { Invocation } from './invocation.js';

/** Longer inputs are not followed. */
const TEXT_LENGTH_MAX = 4_096;

interface Filter {
  readonly valueFlags?: readonly string[];
  /** Operands before the files; a flag among `replacedBy` gives them instead. */
  readonly operands?: number;
  readonly replacedBy?: readonly string[];
  /** It prints although nothing is fed to it. */
  readonly unfed?: true;
  /** The text it prints; null when that cannot be told. */
  prints(text: string, parsed: ParsedArguments): string | null;
  /** What comes out no longer shows what went in. */
  readonly decodes?: true;
}

const same = (text: string): string => text;
const lines = (text: string): string[] => text.replace(/\n$/, '').split('\n');
const joined = (list: readonly string[]): string => `${list.join('\n')}\n`;

const FILTERS: Readonly<Record<string, Filter>> = {
  tr: {
    operands: 2,
    prints: (text, { flags, operands: [from, to] }) =>
      flags.has('-c') || flags.has('-C') || from === undefined
        ? null
        : translated(text, from.text, flags.has('-d') ? null : (to?.text ?? null), flags.has('-d')),
    decodes: true,
  },
  sed: {
    valueFlags: ['-e', '--expression', '-f'],
    operands: 1,
    replacedBy: ['-e', '--expression'],
    prints: (text, { flags, operands }) => sedPrints(text, scriptsOf(flags, operands), flags),
  },
  awk: {
    valueFlags: ['-F', '-v', '-f'],
    operands: 1,
    unfed: true,
    prints: (text, { flags, operands }) =>
      flags.has('-v') || flags.has('-f')
        ? null
        : awkPrints(text, operands[0]?.text ?? '', flags.get('-F')?.[0]?.text ?? null),
  },
  cut: {
    valueFlags: ['-c', '-b', '-d', '-f', '--delimiter', '--fields', '--characters'],
    prints: (text, { flags }) => cutLines(text, flags),
  },
  head: {
    valueFlags: ['-n', '-c', '--lines', '--bytes'],
    prints: (text, parsed) => ended(text, parsed, 'head'),
  },
  tail: {
    valueFlags: ['-n', '-c', '--lines', '--bytes'],
    prints: (text, parsed) => ended(text, parsed, 'tail'),
  },
  tac: { prints: (text) => joined(lines(text).reverse()) },
  sort: {
    valueFlags: ['-k', '-t', '-o', '-S', '-T'],
    prints: (text, { flags }) => {
      const sorted = lines(text).sort();
      return flags.has('-k') || flags.has('-n') ? null : joined(flags.has('-r') ? sorted.reverse() : sorted);
    },
  },
  uniq: { prints: (text, { flags }) => (flags.size > 0 ? null : text) },
  tee: { prints: same },
  // Its operands are settings.
  dd: {
    operands: 99,
    prints: (text, { operands }) => (operands.some(({ text: word }) => /^[io]f=/.test(word)) ? null : text),
  },
  base32: { prints: (text, { flags }) => (decodes(flags) ? fromBase32(text) : null), decodes: true },
  basenc: {
    valueFlags: ['-w', '--wrap'],
    prints: (text, { flags }) => (decodes(flags) ? fromBase(text, flags) : null),
    decodes: true,
  },
  dirname: { operands: 1, unfed: true, prints: (_text, { operands: [path] }) => folderOf(path) },
  pv: { prints: same },
  sponge: { prints: same },
  grep: {
    valueFlags: ['-e', '-A', '-B', '-C', '-m'],
    operands: 1,
    prints: (text, { flags, operands: [pattern] }) => {
      if (
        pattern === undefined ||
        !/^[\w -]+$/.test(pattern.text) ||
        /[coqlL]/.test([...flags.keys()].join(''))
      )
        return null;
      return joined(lines(text).filter((line) => line.includes(pattern.text) !== flags.has('-v')));
    },
  },
  command: {
    operands: 1,
    unfed: true,
    prints: (_text, { flags, operands: [wanted] }) =>
      wanted !== undefined && (flags.has('-v') || flags.has('-V')) ? `/usr/local/bin/${wanted.text}\n` : null,
  },
  openssl: {
    valueFlags: ['-in', '-out', '-k', '-pass'],
    operands: 1,
    prints: (text, { flags, operands: [command] }) => {
      const encoded = command?.text === 'base64' || flags.has('-a') || flags.has('-base64');
      const enciphered = [...flags.keys()].some((flag) =>
        /^-(?:aes|des|k|pass|camellia|chacha|bf|rc)/.test(flag),
      );
      if (!encoded || enciphered || !flags.has('-d')) return null;
      return Buffer.from(text.replace(/\s+/g, ''), 'base64').toString('utf8');
    },
    decodes: true,
  },
};
const ALIASES: Readonly<Record<string, string>> = {
  gsed: 'sed',
  gawk: 'awk',
  mawk: 'awk',
  nawk: 'awk',
  gtr: 'tr',
  ghead: 'head',
  gtail: 'tail',
  ggrep: 'grep',
  fgrep: 'grep',
  gtac: 'tac',
};

/** Programs that unpack to their standard output, always or with one of these flags. */
const UNPACKS = /^(?:zcat|gzcat|bzcat|xzcat|lzcat|zstdcat|lz4cat|lzma|funzip)$/;
const UNPACKS_WITH: Readonly<Record<string, RegExp>> = {
  gunzip: /^-[a-z]*c|^--(?:std|to-)out/,
  gzip: /^-[a-z]*d|^--decompress/,
  pigz: /^-[a-z]*d|^--decompress/,
  bzip2: /^-[a-z]*d|^--decompress/,
  bunzip2: /^-[a-z]*c/,
  pbzip2: /^-[a-z]*d/,
  xz: /^-[a-z]*d|^--decompress/,
  unxz: /^-[a-z]*c/,
  zstd: /^-[a-z]*d|^--decompress/,
  unzstd: /^-[a-z]*c/,
  lz4: /^-[a-z]*d/,
  lzop: /^-[a-z]*d/,
  brotli: /^-[a-z]*d|^--decompress/,
  unzip: /^-[a-z]*p/,
  tar: /^-?[a-zA-Z]*O|^--to-stdout$/,
  bsdtar: /^-?[a-zA-Z]*O/,
  '7z': /^-so$/,
  '7za': /^-so$/,
  '7zz': /^-so$/,
  unrar: /^p$/,
  zlib_flate: /^-uncompress$/,
};
const PACKED = /\.(?:gz|bz2|xz|zst|lz4|br|z|lzma)$/i;

const decodes = (flags: ParsedArguments['flags']): boolean =>
  flags.has('-d') || flags.has('-D') || flags.has('--decode');

function fromBase(text: string, flags: ParsedArguments['flags']): string | null {
  const plain = text.replace(/\s+/g, '');
  if (flags.has('--base64') || flags.has('--base64url')) return Buffer.from(plain, 'base64').toString('utf8');
  if (flags.has('--base16')) return Buffer.from(plain, 'hex').toString('utf8');
  return flags.has('--base32') ? fromBase32(text) : null;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): string {
  const bits = [...text.replace(/[\s=]+/g, '')]
    .map((letter) => BASE32.indexOf(letter.toUpperCase()).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/[01]{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('utf8');
}

function folderOf(path: Argument | undefined): string | null {
  if (path === undefined) return null;
  const end = path.text.replace(/\/+$/, '').lastIndexOf('/');
  return `${end < 0 ? '.' : path.text.slice(0, end) || '/'}\n`;
}

/** What the command prints, better known than by `output` where it is a filter whose work can be done here. */
export function throughFilter(invocation: Invocation, output: Value): Value {
  if (output.known) return output;
  const { name, stdin } = invocation;
  if (unpacks(invocation)) return unpacked(invocation);
  if (isAnswer(invocation)) return { ...output, taint: 'fetched' };
  const filter = FILTERS[ALIASES[name] ?? name];
  if (filter === undefined)
    return [...told(invocation), ...(stdin === null ? [] : [stdin])].reduce(withGuess, output);
  const parsed = parseArguments(invocation.args, {
    valueFlags: filter.valueFlags ?? [],
    singleDash: name === 'openssl',
    stopAtOperand: false,
  });
  const fed = fedTo(filter, parsed, invocation);
  if (fed === null) return output;
  const plain =
    parsed.operands.every((word) => word.known) && fed.known && fed.text.length <= TEXT_LENGTH_MAX;
  const text = plain ? filter.prints(fed.text, parsed) : null;
  if (text === null) return withGuess(output, fed);
  return { text, known: true, taint: filter.decodes === true ? joinTaint(fed.taint, 'decoded') : fed.taint };
}

function scriptsOf(flags: ParsedArguments['flags'], operands: readonly Argument[]): readonly string[] {
  const given = [...(flags.get('-e') ?? []), ...(flags.get('--expression') ?? [])];
  return (given.length > 0 ? given : operands.slice(0, 1)).map(({ text }) => text);
}

/** Its standard input, or the one file that it is given; null for neither. */
function fedTo(filter: Filter, { flags, operands }: ParsedArguments, invocation: Invocation): Value | null {
  const given = filter.replacedBy?.some((flag) => flags.has(flag)) === true;
  const [file] =
    filter.valueFlags?.includes('-in') === true
      ? (flags.get('-in') ?? [])
      : operands.slice(given ? 0 : (filter.operands ?? 0));
  if (file === undefined || file.text === '-')
    return invocation.stdin ?? (filter.unfed === true ? { text: '', known: true, taint: 'none' } : null);
  return file.printed ?? invocation.analysis.files.content(file.text, invocation) ?? null;
}

/** What went in may come out again. */
function withGuess(output: Value, fed: Value): Value {
  const guesses = fed.known ? [fed] : (fed.perhaps ?? []);
  return guesses.length === 0 ? output : { ...output, perhaps: [...(output.perhaps ?? []), ...guesses] };
}

function unpacks({ name, args }: Invocation): boolean {
  if (UNPACKS.test(name)) return true;
  const flag = UNPACKS_WITH[name];
  return flag?.test !== undefined && args.some(({ text }) => flag.test(text));
}

/** What a packed file held before this call packed it may be known. */
function unpacked(invocation: Invocation): Value {
  const guesses = invocation.args.flatMap(({ text }) => {
    const content = invocation.analysis.files.content(text.replace(PACKED, ''), invocation);
    return content === undefined ? [] : [content];
  });
  const output = unknownValue('unpacked text', 'decoded');
  return guesses.reduce<Value>(
    withGuess,
    invocation.stdin === null ? output : withGuess(output, invocation.stdin),
  );
}

/** The first or last lines, or characters. */
function ended(text: string, { flags }: ParsedArguments, end: 'head' | 'tail'): string | null {
  const short = [...flags.keys()]
    .map((flag) => /^-(\d)$/.exec(flag)?.[1])
    .filter((digit) => digit !== undefined);
  const stated =
    (flags.get('-n') ?? flags.get('--lines'))?.[0]?.text ?? (short.length > 0 ? short.join('') : '10');
  const bytes = (flags.get('-c') ?? flags.get('--bytes'))?.[0]?.text;
  const wanted = bytes ?? stated;
  if (!/^[+-]?\d{1,6}$/.test(wanted)) return null;
  const count = Number(wanted);
  const parts = bytes === undefined ? lines(text) : [...text];
  const chosen =
    end === 'head'
      ? parts.slice(0, count)
      : wanted.startsWith('+')
        ? parts.slice(Math.max(0, count - 1))
        : parts.slice(-Math.abs(count));
  return bytes === undefined ? joined(chosen) : chosen.join('');
}
