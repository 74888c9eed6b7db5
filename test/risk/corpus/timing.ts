/** Prints how long one assessment takes: of the corpus, of long shell, and of what the deciding thread does itself. */
import type { Proposal } from '../../../src/domain/assessment.js';
import {
  assess,
  assessBriefly,
  defaultRegistry,
  loadParsers,
  plainProfile,
} from '../../../src/risk/index.js';
import { toolCall } from '../bench.js';
import { commandOf } from './call.js';
import { CORPUS } from './corpus.js';
import { DISGUISES } from './disguises.js';
import { LANGUAGES } from './tokens.js';

/** What the server assesses on its deciding thread, and no more: see the assessor. */
const INLINE_LENGTH_MAX = 4 * 1024;
const INLINE_STEPS_MAX = 200;
const WARM_UP_ROUNDS = 1;
const LONG_SHELL_LENGTH = 64 * 1024;

const registry = defaultRegistry();
const profile = plainProfile();

const whole = (proposal: Proposal): void => {
  assess(proposal, registry, profile);
};
const inline = (proposal: Proposal): void => {
  assessBriefly(proposal, registry, profile, INLINE_STEPS_MAX);
};

function timeOf(proposal: Proposal, work: (proposal: Proposal) => void): number {
  const from = performance.now();
  work(proposal);
  return performance.now() - from;
}

/** The least of a few rounds is the call's own time; the rest of it is the machine's. */
function timesOf(proposals: readonly Proposal[], work: (proposal: Proposal) => void): readonly number[] {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) proposals.forEach(work);
  return proposals.map((proposal) => Math.min(...Array.from({ length: 3 }, () => timeOf(proposal, work))));
}

function print(title: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(3);
  console.log(
    `${title.padEnd(46)} ${String(times.length).padStart(6)} calls   ` +
      `median ${at(0.5)} ms   p99 ${at(0.99)} ms   worst ${at(1)} ms`,
  );
}

/** Commands of the corpus one after the other, as long as it takes. */
function longShells(count: number): readonly Proposal[] {
  const commands = CORPUS.flatMap((call) => commandOf(call) ?? []);
  return Array.from({ length: count }, (_, index) => {
    let command = '';
    for (let at = index * 17; command.length < LONG_SHELL_LENGTH; at += 1) {
      command += `${commands[at % commands.length]}\n`;
    }
    return toolCall('Bash', { command: command.slice(0, LONG_SHELL_LENGTH) });
  });
}

/** What costs the most for its length, as far as is known. */
const HARD_PIECES: readonly Wrapped[] = [
  { piece: '{a,b}', wrap: (text) => `echo ${text}` },
  { piece: '$( / ', wrap: (text) => text },
  { piece: '>( / ', wrap: (text) => text },
  { piece: 'ls;', wrap: (text) => text },
  { piece: 'a=1 or ', wrap: (text) => `psql -c "select 1 where ${text} true"` },
  { piece: 'select 1;', wrap: (text) => `psql -c "${text}"` },
];

interface Wrapped {
  readonly piece: string;
  readonly wrap: (text: string) => string;
}

/** Every disguise on a command, and as much of every language as the deciding thread may look at. */
function hardestInline(): readonly Proposal[] {
  const draw = (below: number): number => below >> 1;
  const dressed = CORPUS.flatMap((call, index) => {
    const command = commandOf(call);
    const worn = command && DISGUISES[index % DISGUISES.length]?.wear(command, draw);
    return worn ? [toolCall('Bash', { command: worn })] : [];
  });
  const strung = LANGUAGES.flatMap(({ tokens, tool, inputOf }) =>
    tokens.map((token) => toolCall(tool, inputOf(fill(`${token} `)))),
  );
  const hard = HARD_PIECES.map(({ piece, wrap }) => toolCall('Bash', { command: wrap(fill(piece)) }));
  return [...dressed, ...strung, ...hard].filter(
    ({ tool }) => JSON.stringify(tool.input).length <= INLINE_LENGTH_MAX,
  );
}

const fill = (piece: string): string => piece.repeat(Math.floor((INLINE_LENGTH_MAX - 100) / piece.length));

await loadParsers();
const corpus = CORPUS.map(({ tool, input }) => toolCall(tool, input));
print('the corpus', timesOf(corpus, whole));
print('shell of 64 KiB', timesOf(longShells(40), whole));
print('the corpus, on the deciding thread', timesOf(corpus, inline));
print('disguises and garbage, on the deciding thread', timesOf(hardestInline(), inline));
