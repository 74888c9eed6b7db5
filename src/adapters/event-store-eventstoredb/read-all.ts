/** Reading everything of ours in the order of positions. */

import type { StoredEvent } from '../../ports/event-store.port.js';
import { type ReadContext, read } from './read.js';
import { endOfAll, pageOfAll } from './requests.js';

/** Events after a position, at most so many. The server includes the position, so one more is asked for. */
export async function readAllAfter(
  { position, limit }: { readonly position: number; readonly limit: number },
  context: ReadContext,
): Promise<StoredEvent[]> {
  if (limit < 1) return [];
  const events = await read(pageOfAll(context.prefix, position, limit + 1), context);
  return events
    .map(({ stored }) => stored)
    .filter((event) => event.position > position || (position === 0 && event.position === 0))
    .slice(0, limit);
}

/** The position of the last event of ours; 0 when there is none. */
export async function readHead(context: ReadContext): Promise<number> {
  const [last] = await read(endOfAll(context.prefix), context);
  return last?.stored.position ?? 0;
}

/** The id of the first event of ours, which names the log; null while there is none. */
export async function readFirstId(context: ReadContext): Promise<string | null> {
  const [first] = await read(pageOfAll(context.prefix, 0, 1), context);
  return first?.stored.id ?? null;
}
