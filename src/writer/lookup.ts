/** Looking up what neither the state nor memory holds: old answers, finished reservations, settled tool calls. */

import type { Command } from '../domain/commands.js';
import { type RecordedEvent, streamOf } from '../domain/events.js';
import type { Claim, DecisionId, ReservationId, TenantId } from '../domain/ids.js';
import { readWithRetries } from './append.js';
import type { WriterContext } from './context.js';
import type { FoldedTenant } from './folded-tenant.js';
import type { Past, Pending } from './pending.js';

/** What a look-up found, and whether it speaks of events that the fold has not seen. */
export interface Finding {
  readonly past: Omit<Past, 'epoch'>;
  readonly isAhead: boolean;
}

const NOTHING: Omit<Past, 'epoch'> = {
  answer: null,
  reservation: null,
  toolCall: null,
  isForeign: false,
  isOpenElsewhere: false,
};

/**
 * Looks for the answer to a command's claim on disk, then for how the object it names ended.
 * @throws StoreFault, or what the history port throws, when neither can be read
 */
export async function lookUp(
  { command, claim }: Pending,
  tenantId: TenantId,
  tenant: FoldedTenant,
  context: WriterContext,
): Promise<Finding> {
  context.counters.lookups += 1;
  const answer = claim === null ? null : await findAnswer(streamOf(tenantId), claim, context);
  if (answer !== null) return { past: { ...NOTHING, answer }, isAhead: answer.revision > tenant.revision };
  const named = namedBy(command);
  if (named === null) return { past: NOTHING, isAhead: false };
  if (named.kind === 'toolCall') return findToolCall(named.id, tenantId, context);
  const reservation = tenant.ended.get(named.id);
  if (reservation !== undefined) return { past: { ...NOTHING, reservation }, isAhead: false };
  return findReservation(named.id, tenantId, context);
}

type Named =
  | { readonly kind: 'reservation'; readonly id: ReservationId }
  | { readonly kind: 'toolCall'; readonly id: DecisionId };

/** The object that a command settles; null for commands that need none to exist. */
export function namedBy(command: Command): Named | null {
  switch (command.type) {
    case 'Commit':
    case 'Release':
    case 'Extend':
      return { kind: 'reservation', id: command.reservationId };
    case 'RecordOutcome':
      return { kind: 'toolCall', id: command.toolCallId };
    default:
      return null;
  }
}

async function findAnswer(
  stream: string,
  claim: Claim,
  context: WriterContext,
): Promise<RecordedEvent | null> {
  const revision = await readWithRetries(() => context.store.findClaim(stream, claim), context);
  return revision === null ? null : readAnswer(stream, revision, context);
}

/**
 * Finds out which of some commands were answered before. One conflict with the index stands for any number of
 * them: after a restart, every client may be repeating itself.
 */
export async function recallAnswers(
  commands: readonly Pending[],
  tenantId: TenantId,
  { epoch }: FoldedTenant,
  context: WriterContext,
): Promise<void> {
  const stream = streamOf(tenantId);
  await Promise.all(
    commands.map(async (pending) => {
      if (pending.claim === null || (pending.past !== null && pending.past.answer !== null)) return;
      const answer = await findAnswer(stream, pending.claim, context);
      if (answer !== null) pending.past = { ...NOTHING, answer, epoch };
    }),
  );
}

/** The event at a revision that an index named. */
async function readAnswer(
  stream: string,
  revision: number,
  context: WriterContext,
): Promise<RecordedEvent | null> {
  const { codec, store } = context;
  const [stored] = await readWithRetries(() => store.readStream(stream, { revision, limit: 1 }), context);
  return stored === undefined ? null : codec.decode(stored);
}

async function findReservation(
  id: ReservationId,
  tenantId: TenantId,
  { history }: WriterContext,
): Promise<Finding> {
  const found = await history.reservation(id);
  // Unknown here may be new on another node, so the stream is asked once more before the answer is no.
  if (found === null) return { past: NOTHING, isAhead: true };
  if (found.tenantId !== tenantId) return { past: { ...NOTHING, isForeign: true }, isAhead: false };
  if (found.status === 'ACTIVE') return { past: { ...NOTHING, isOpenElsewhere: true }, isAhead: true };
  return { past: { ...NOTHING, reservation: found.status }, isAhead: false };
}

async function findToolCall(
  id: DecisionId,
  tenantId: TenantId,
  { history }: WriterContext,
): Promise<Finding> {
  const found = await history.toolCall(id);
  if (found === null) return { past: NOTHING, isAhead: true };
  if (found.tenantId !== tenantId) return { past: { ...NOTHING, isForeign: true }, isAhead: false };
  const { decision, outcome } = found;
  return {
    past: {
      ...NOTHING,
      toolCall: { allowed: decision === 'ALLOW' || decision === 'ALLOW_WITH_CAPS', outcome },
    },
    isAhead: outcome === null,
  };
}
