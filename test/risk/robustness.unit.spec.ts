/** Whatever the engine is given, it answers, and gives the same answer again. */
import fc from 'fast-check';
import {
  assessBriefly,
  assessRedacted,
  defaultRegistry,
  loadParsers,
  plainProfile,
} from '../../src/risk/index.js';
import { assessCall, assessCommand, toolCall } from './bench.js';
import { DESTRUCTIVE, ORDINARY } from './corpora.js';

beforeAll(loadParsers);

const commands = [...DESTRUCTIVE, ...ORDINARY].map(([command]) => command);

/** A real command with pieces cut out, doubled or replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...commands), fc.nat(), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }))
  .map(([command, at, length, insert]) => {
    const start = at % (command.length + 1);
    return command.slice(0, start) + insert + command.slice(start + length);
  });

function answersTwiceTheSame(name: string, input: unknown): void {
  const proposal = toolCall(name, input);
  const first = assessRedacted(proposal, defaultRegistry(), plainProfile());
  const second = assessRedacted(proposal, defaultRegistry(), plainProfile());
  expect(second).toEqual(first);
  expect(Number.isSafeInteger(first.assessment.riskPoints)).toBe(true);
  expect(first.assessment.riskPoints).toBeGreaterThanOrEqual(0);
  for (const { span } of first.assessment.effects) {
    if (span !== null) expect(span.start <= span.end && span.start >= 0).toBe(true);
  }
}

describe('any input', () => {
  it('of garbage as a command is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (command) =>
        answersTwiceTheSame('Shell', { command }),
      ),
      { numRuns: 400 },
    );
  });

  it('of mutated shell is answered', () => {
    fc.assert(
      fc.property(mutated, (command) => answersTwiceTheSame('Shell', { command })),
      { numRuns: 1000 },
    );
  });

  it('of any JSON to any tool is answered', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, input) => answersTwiceTheSame(name, input)),
      { numRuns: 400 },
    );
  });

  it('of shell syntax in any order is answered', () => {
    const piece = fc.constantFrom(
      '$(',
      ')',
      '`',
      '"',
      "'",
      '|',
      '&&',
      ';',
      '<<EOF\n',
      'EOF\n',
      '{',
      '}',
      'rm',
      '-rf',
      '/',
      'curl',
      '$X',
      'X=1',
      'eval',
      'for',
      'do',
      'done',
      'case',
      'esac',
      '\\',
      '\n',
      '((',
      '))',
      '<(',
      '*',
      '~',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) =>
        answersTwiceTheSame('Shell', { command: pieces.join(' ') }),
      ),
      { numRuns: 800 },
    );
  });
});

const MEGABYTE = 1024 * 1024;
const OPEN = '('.repeat(10_000);
const CLOSE = ')'.repeat(10_000);
const LONG = 'x'.repeat(MEGABYTE);

describe('input beyond the bounds', () => {
  const opaque: readonly (readonly [string, string])[] = [
    ['a text of more than 256 KiB', `echo ${'a'.repeat(300_000)}`],
    ['a megabyte of arguments', `ls ${LONG}`],
    ['a megabyte of lines', 'ls\n'.repeat(MEGABYTE / 3)],
    ['a megabyte of quotes', "'".repeat(MEGABYTE)],
    ['a megabyte of SQL', `psql -c "select '${LONG}'"`],
    ['a megabyte of a request', `curl https://api.example.com/x -d '{"a":"${LONG}"}'`],
    ['very many commands', 'true;'.repeat(30_000)],
    ['very many effects', 'git push;'.repeat(2_000)],
    ['very many redirections', `cat ${'<a '.repeat(50_000)}`],
    ['ten thousand brackets in shell', `${OPEN}ls${CLOSE}`],
    ['ten thousand brackets that stay open', OPEN],
    ['ten thousand brackets in a substitution', `echo $(${OPEN}1${CLOSE})`],
    ['ten thousand brackets in SQL', `psql -c "select ${OPEN}1${CLOSE}"`],
    ['ten thousand brackets in MySQL', `mysql -e "select ${OPEN}1${CLOSE}"`],
    ['ten thousand brackets in SQLite', `sqlite3 a.db "select ${OPEN}1${CLOSE}"`],
    ['ten thousand brackets in Python', `python3 -c "print${OPEN}1${CLOSE}"`],
    ['ten thousand brackets in JavaScript', `node -e "console.log${OPEN}1${CLOSE}"`],
    ['ten thousand brackets in MongoDB', `mongosh --eval 'db.users.find(${OPEN}1${CLOSE})'`],
    ['ten thousand fields in fields of GraphQL', deepGraphql(10_000)],
  ];

  it.each(opaque)('%s counts as the worst and is opaque', (_, command) => {
    expect(assessCommand(command)).toMatchObject({
      tier: 4,
      radius: 'system',
      opaque: true,
    });
  });

  const deep: readonly (readonly [string, string])[] = [
    ['nested shells', `${'eval '.repeat(200)}rm x`],
    ['nested substitutions', `${'$('.repeat(2_000)}rm x${')'.repeat(2_000)}`],
    ['substitutions that are never closed', `echo ${'$('.repeat(131_000)}`],
    ['a variable that doubles itself', `x=aaaa;${'x=$x$x;'.repeat(37_000)}`],
    ['nested brackets', '('.repeat(5_000)],
    ['nested SQL', `psql -c "select ${'('.repeat(5_000)}1${')'.repeat(5_000)}"`],
    ['nested GraphQL', deepGraphql(5_000)],
    ['nested JSON', `curl https://api.example.com/x -d '${'['.repeat(10_000)}${']'.repeat(10_000)}'`],
    ['expansions that stay open', '\u0024{'.repeat(50_000)],
    ['backticks in backticks', `echo ${'`'.repeat(9_999)}`],
    ['here-documents that never end', Array.from({ length: 2_000 }, (_, at) => `cat <<E${at}`).join(';')],
    ['many braces', `echo ${'{a,b}'.repeat(60)}`],
    ['a range of braces', 'echo {1..999999999}'],
    ['mutual recursion', 'f() { g; g; }; g() { f; f; }; f'],
    ['a loop in a loop', `${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(8)} true; ${'done; '.repeat(8)}`],
  ];

  it.each(deep)('%s is answered', (_, command) => {
    expect(assessCommand(command).engineVersion).not.toBe('');
  });

  const hidden: readonly (readonly [string, string])[] = [
    ['a megabyte before it', `echo ${LONG}\nrm -rf /`],
    ['brackets around it', `${OPEN}rm -rf /${CLOSE}`],
    ['substitutions around it', `${'$('.repeat(2_000)}rm -rf /${')'.repeat(2_000)}`],
    ['shells around it', `${'eval '.repeat(200)}rm -rf /`],
    ['ten thousand commands before it', `${'ls;'.repeat(10_000)}rm -rf /`],
    ['half a character in it', 'rm -rf /\ud800/.. /'],
    ['half a character before it', '\udfff; rm -rf /'],
    ['what replaces a wrong byte before it', '\ufffd\ufffd\ufffd; rm -rf /'],
    ['a mark of byte order before it', '\ufeff\nrm -rf /'],
    ['characters in its words that shells drop', 'r\0m -r\0f /\0'],
    ['half a character in its SQL', 'psql -c "DROP DATABASE \udfff"'],
    ['ten thousand statements before it', `psql -c "${'select 1;'.repeat(10_000)} DROP DATABASE app"`],
  ];

  it.each(hidden)('does not hide destruction with %s', (_, command) => {
    expect(assessCommand(command)).toMatchObject({ tier: 4, radius: 'system' });
  });

  it.each([50, 500, 3_000])('JSON of %s levels for a tool nobody knows is opaque', (levels) => {
    let input: unknown = 'rm -rf /';
    for (let depth = 0; depth < levels; depth += 1) input = { a: input };
    for (const given of [input, JSON.stringify(input), { payload: JSON.stringify(input) }])
      expect(assessCall(toolCall('x', given))).toMatchObject({ tier: 3, opaque: true });
  });

  it('JSON of twenty levels is read to the end', () => {
    let input: unknown = { command: 'rm -rf /' };
    for (let depth = 0; depth < 20; depth += 1) input = { a: input };
    expect(assessCall(toolCall('x', input))).toMatchObject({ tier: 4, opaque: false });
  });

  it('places what it finds where it stands, before and behind characters that shells drop', () => {
    const command = 'l\0s\0; r\0m -rf /; true\0';
    const [effect] = assessCommand(command).effects.filter(({ tier }) => tier === 4);
    expect(command.slice(effect?.span?.start, effect?.span?.end)).toBe('/');
  });

  it('a hundred thousand commands in a tool nobody knows are the worst', () => {
    const input = Array.from({ length: 100_000 }, (_, at) => ({ command: `rm ${at}` }));
    expect(assessCall(toolCall('x', input))).toMatchObject({ tier: 4, radius: 'system', opaque: true });
  });
});

const OTHERS_STEPS = 200;

describe('who cannot wait', () => {
  const slow: readonly (readonly [string, string])[] = [
    ['braces that multiply each other', `echo ${'{a,b}'.repeat(700)}`],
    ['substitutions that stay open', '$( / '.repeat(700)],
    ['redirections that stay open', '>( / '.repeat(700)],
    ['expansions in expansions', '\u0024{X//a '.repeat(500)],
    ['a long condition', `psql -c "select 1 where ${'a=1 or '.repeat(500)} true"`],
    ['a row of many values', `psql -c "insert into t values (${'a,'.repeat(1_500)}1)"`],
    ['many statements', `psql -c "${'select 1;'.repeat(400)}"`],
    ['many operations', `curl -d '${'mutation{a}'.repeat(300)}' localhost/graphql`],
    ['many commands', 'ls;'.repeat(1_000)],
  ];

  it.each(slow)('leaves %s to others', (_, command) => {
    const call = toolCall('Bash', { command });
    expect(assessBriefly(call, defaultRegistry(), plainProfile(), OTHERS_STEPS)).toBeNull();
  });

  it('is told of ordinary calls what everybody is told', () => {
    const calls = ORDINARY.map(([command]) => toolCall('Bash', { command }));
    for (const call of calls)
      expect(assessBriefly(call, defaultRegistry(), plainProfile(), OTHERS_STEPS)).toEqual(
        assessRedacted(call, defaultRegistry(), plainProfile()),
      );
  });
});

function deepGraphql(depth: number): string {
  return `curl https://backboard.railway.app/graphql -d '{"query":"${'{a'.repeat(depth)}${'}'.repeat(depth)}"}'`;
}
