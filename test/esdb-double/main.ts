/** The double as a process of its own, for several servers on one log: `node main.js [port] [file]`. */

import { DoubleLog } from './log.js';
import { EsdbDouble } from './server.js';

const [port = '0', file] = process.argv.slice(2);
const double = await EsdbDouble.start({
  port: Number(port),
  log: file === undefined ? new DoubleLog() : new DoubleLog(file),
});

/** What a parent process may send: a fault by its name and value, or something to be done at once. */
interface Order {
  readonly set?: Partial<
    Pick<EsdbDouble['faults'], 'delayMs' | 'dropsAfterCommit' | 'answersLost' | 'isNotReady'>
  >;
  readonly run?: 'freeze' | 'thaw' | 'kill' | 'restart' | 'killSubscriptions';
}

process.on('message', ({ set, run }: Order) => {
  Object.assign(double.faults, set);
  if (run === 'freeze' || run === 'thaw') double.faults[run]();
  if (run === 'killSubscriptions') double.reads.killSubscriptions();
  if (run === 'kill') double.kill();
  if (run === 'restart') void double.restart();
  process.send?.({ done: run ?? 'set' });
});

const end = (): void => {
  double.close();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
// It does not outlive whoever started it.
process.once('disconnect', end);
process.stdout.write(`${double.connectionString}\n`);
