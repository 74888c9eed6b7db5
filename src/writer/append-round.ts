/** Appending a round, or reading something for it: when that fails, its callers are turned away. */

import { type AppendResult, StoreFault } from '../ports/event-store.port.js';
import { appendUntilKnown } from './append.js';
import type { WriterContext } from './context.js';
import { InternalError, Unavailable } from './errors.js';
import type { Round } from './round.js';

export interface RoundAppending {
  readonly stream: string;
  readonly isAbandoned: () => boolean;
  /** Called once when the outcome has been unknown for too long; the round has been turned away by then. */
  readonly onUnsettled: (fault: Unavailable) => void;
}

/** Appends a round's events. @throws StoreFault when they are not written, or when abandoned */
export async function appendRound(
  round: Round,
  { stream, isAbandoned, onUnsettled }: RoundAppending,
  context: WriterContext,
): Promise<AppendResult> {
  const { batch } = round;
  const { counters } = context;
  try {
    return await appendUntilKnown(
      {
        stream,
        expectedRevision: batch.expectedRevision,
        events: batch.sealed,
        isAbandoned,
        onUnsettled: () => {
          const fault = new Unavailable('the outcome of an append is unknown');
          counters.unavailable += round.taken.length;
          round.rejectAll(fault);
          onUnsettled(fault);
        },
      },
      context,
    );
  } catch (error) {
    round.drop();
    const isFault = error instanceof StoreFault;
    counters[isFault ? 'unavailable' : 'failed'] += round.taken.length;
    round.rejectAll(
      isFault
        ? new Unavailable(error.message, { cause: error })
        : new InternalError('append', { cause: error }),
    );
    throw error;
  }
}

/** Reads what a round needs to know. @throws what the reading throws */
export async function readFor(
  round: Round,
  read: () => Promise<void>,
  { counters }: Pick<WriterContext, 'counters'>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    round.drop();
    counters.unavailable += round.taken.length;
    round.rejectAll(new Unavailable('what was written before cannot be read', { cause: error }));
    throw error;
  }
}
