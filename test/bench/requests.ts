/** The requests of the benchmark as the bytes that go over the wire. */

/** Where every request of the benchmark acts: five derived scopes, two of which have a budget. */
export const TENANT = 'bench';
export const BUDGETED_SCOPES = [`tenant:${TENANT}`, `tenant:${TENANT}/workspace:prod/app:ide`] as const;
export const UNIT = 'USD_MICROCENTS';
/** Enough for every request, and small enough that a double holds it. */
export const ALLOCATED = 1_000_000_000_000_000;
const AMOUNT = 1_000;
/** An hour, the most that a tenant allows: nothing expires while it is measured. */
const TTL_MS = 3_600_000;

export type Operation = 'echo' | 'reserve' | 'decide' | 'commit';

const subject = { tenant: TENANT, workspace: 'prod', app: 'ide', workflow: 'run-7', agent: 'coder' };
export const KIND = 'llm.completion';
const action = { kind: KIND, name: 'summarize-document' };
const estimate = { unit: UNIT, amount: AMOUNT };

function bodyOf(operation: Operation, idempotencyKey: string): object {
  switch (operation) {
    case 'echo':
    case 'reserve':
      return { idempotency_key: idempotencyKey, subject, action, estimate, ttl_ms: TTL_MS };
    case 'decide':
      return { idempotency_key: idempotencyKey, subject, action, estimate };
    case 'commit':
      return { idempotency_key: idempotencyKey, actual: { unit: UNIT, amount: AMOUNT / 2 } };
  }
}

function pathOf(operation: Operation, reservationId: string): string {
  if (operation === 'decide') return '/v1/decide';
  return operation === 'commit' ? `/v1/reservations/${reservationId}/commit` : '/v1/reservations';
}

const KEY_LENGTH = 32;
let keyCount = 0;

/** Distinct over every process and run. */
function nextKey(): string {
  keyCount += 1;
  const stem = `bench-${process.pid}-${Date.now().toString(36)}-`;
  return stem + keyCount.toString().padStart(KEY_LENGTH - stem.length, '0');
}

export interface RequestMaker {
  /** One request, with an idempotency key that no other has. Only a commit needs a reservation. */
  next(reservationId: string): string;
}

/** Composes requests around one template, since the load must cost less CPU than what it measures. */
export function requestMaker(
  operation: Operation,
  to: { readonly port: number; readonly apiKey: string },
): RequestMaker {
  const placeholder = 'k'.repeat(KEY_LENGTH);
  const [before, after] = JSON.stringify(bodyOf(operation, placeholder)).split(placeholder);
  if (before === undefined || after === undefined) throw new Error('the body has no idempotency key');
  const length = before.length + KEY_LENGTH + after.length;
  const head = [
    ' HTTP/1.1',
    `Host: 127.0.0.1:${to.port}`,
    'Content-Type: application/json',
    `X-Cycles-API-Key: ${to.apiKey}`,
    `Content-Length: ${length}`,
    '',
    '',
  ].join('\r\n');
  return {
    next: (reservationId) => `POST ${pathOf(operation, reservationId)}${head}${before}${nextKey()}${after}`,
  };
}
