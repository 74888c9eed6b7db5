/** Whatever the engine is given, it answers, and gives the same answer again. */
import fc from 'fast-check';
import { assessRedacted, defaultRegistry, loadParsers, plainProfile } from '../../src/risk/index.js';
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

describe('input beyond the bounds', () => {
  const opaque: readonly (readonly [string, string])[] = [
    ['a text of more than 256 KiB', `echo ${'a'.repeat(300_000)}`],
    ['very many commands', 'true;'.repeat(30_000)],
    ['very many effects', 'git push;'.repeat(2_000)],
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
    ['nested GraphQL', `curl https://backboard.railway.app/graphql -d '{"query":"${'{a'.repeat(5_000)}"}'`],
    ['many braces', `echo ${'{a,b}'.repeat(60)}`],
    ['mutual recursion', 'f() { g; g; }; g() { f; f; }; f'],
    ['a loop in a loop', `${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(8)} true; ${'done; '.repeat(8)}`],
  ];

  it.each(deep)('%s is answered', (_, command) => {
    expect(assessCommand(command).engineVersion).not.toBe('');
  });

  it('deep JSON is answered', () => {
    let input: unknown = 'rm -rf /';
    for (let depth = 0; depth < 500; depth += 1) input = { a: input };
    expect(assessCall(toolCall('x', input)).tier).toBeGreaterThanOrEqual(2);
  });
});
