/** What an error of the server or the connection says about an append: not written, or unknown. */

import { StoreFault } from '../../ports/event-store.port.js';

/** gRPC's numbers; the errors of a lost connection carry nothing else that could be relied on. */
export const CODE = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Turned away at the door, before anything was looked at. */
const TURNED_AWAY: readonly number[] = [
  CODE.invalidArgument,
  CODE.permissionDenied,
  CODE.unimplemented,
  CODE.unauthenticated,
];

const NOT_READY = /server is (not ready|busy|too busy)|\b(NotReady|TooBusy)\b/i;

/** The kinds of refusal that an append's answer names, and whether the batch may be in the log all the same. */
const REFUSALS: Readonly<Record<string, 'not_written' | 'unknown'>> = {
  MaximumAppendSizeExceeded: 'not_written',
  AccessDenied: 'not_written',
  StreamDeleted: 'not_written',
  BadRequest: 'not_written',
  InvalidTransaction: 'not_written',
  Timeout: 'unknown',
  Unknown: 'unknown',
};

/** An append was answered with an error of its own. */
export function refusedAppend(
  kind: string,
  { code, message }: { code: number; message: string },
): StoreFault {
  const isBusy = code === CODE.unavailable && NOT_READY.test(message);
  const outcome = isBusy ? 'not_written' : (REFUSALS[kind] ?? 'unknown');
  return new StoreFault(`the event store did not append: ${kind || message || `code ${code}`}`, outcome);
}

/**
 * The call that carries many appends has failed. Of none of them is anything known, except where the server
 * let the call in at no time.
 */
export function failedCall(error: unknown, answers: number): StoreFault {
  const isTurnedAway = answers === 0 && TURNED_AWAY.includes(codeOf(error));
  const message = `the event store could not be reached: ${messageOf(error)}`;
  return new StoreFault(message, isTurnedAway ? 'not_written' : 'unknown', { cause: error });
}

export const failedRead = (error: unknown): StoreFault =>
  new StoreFault(`the event store could not be read: ${messageOf(error)}`, 'not_written', { cause: error });

/** gRPC's number of an error; −1 when it has none. */
export function codeOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : -1;
}

/** The server's own name for what went wrong, such as `stream-deleted`; empty when it gives none. */
export function exceptionOf(error: unknown): string {
  const metadata = (error as { metadata?: { get?: (name: string) => unknown[] } } | null)?.metadata;
  return String(metadata?.get?.('exception')[0] ?? '');
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
