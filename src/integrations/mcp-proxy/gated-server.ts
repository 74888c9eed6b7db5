/** A server behind the gate: no tool call reaches it that was not allowed, and everything else passes. */

import type { Gate, Outcome } from '../client/guard.js';
import { type JsonRecord, recordOf, textOf } from '../json.js';
import { KnownTools } from './known-tools.js';
import {
  answeredIdOf,
  errorTo,
  FAILURE,
  type Message,
  methodOf,
  type RequestId,
  requestIdOf,
} from './message.js';
import { type Refusal, refusalOf, refusalResult } from './refusal.js';
import { ownVersionOf } from './request-headers.js';
import type { OpenServer, ServerBehind, ServerListener } from './server.js';
import { misspeltInCall } from './spelling.js';

const TOOL_NAME_LENGTH_MAX = 256;
const CALLS_MAX = 256;
const REQUESTS_MAX = 1024;
/** How long an outcome waits for a next call to travel with, in ms. */
const SETTLE_DELAY_MS = 10;
/** How long the end waits for outcomes to be reported, in ms. */
const SETTLE_PATIENCE_MS = 5_000;

export interface Gating {
  readonly gate: Gate;
  /** What the server is called, as the gate and its record know it. */
  readonly server: string;
}

/** A request that the client waits for. */
interface Pending {
  readonly method: string;
  /** Set once the gate has let a call run. */
  toolCallId: string | null;
  /** The gate is still being asked: nothing of it has reached the server. */
  isAsked: boolean;
  isCancelled: boolean;
}

/** Puts the gate in front of a server. */
export const openGatedServer =
  (open: OpenServer, gating: Gating): OpenServer =>
  (listener) =>
    new GatedServer(open, gating, listener);

class GatedServer implements ServerBehind {
  private readonly inner: ServerBehind;
  private readonly tools = new KnownTools();
  private readonly pending = new Map<RequestId, Pending>();
  private readonly open = new Set<Promise<unknown>>();
  private readonly unsettled: { readonly toolCallId: string; readonly outcome: Outcome }[] = [];
  private settleTimer: NodeJS.Timeout | null = null;
  private calls = 0;
  private isClosing = false;
  /** Why there is no server any more. */
  private gone: string | null = null;

  constructor(
    open: OpenServer,
    private readonly gating: Gating,
    private readonly listener: ServerListener,
  ) {
    this.inner = open({
      message: (message) => this.hear(message),
      lost: (id, reason) => this.lose(id, reason),
      closed: (reason) => this.loseAll(reason),
      trouble: (text) => listener.trouble(text),
    });
  }

  send(message: Message): void {
    const method = methodOf(message.body);
    const id = requestIdOf(message.body);
    if (method === null) {
      // An answer to what the server asked; anything else with a method that is no text is nothing at all.
      if (!('method' in message.body)) this.inner.send(message);
      return;
    }
    if (id === null) this.notify(method, message);
    else this.request(id, method, message);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.loseAll('The client has ended the session.');
    // First of all: whoever started the proxy may not wait for a server that is slow to end.
    this.settleNow();
    await this.inner.close();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SETTLE_PATIENCE_MS);
    });
    await Promise.race([this.allTold(), patience]);
    clearTimeout(timer);
  }

  /** What the gate still has to say may be one more outcome to tell: of a call that then never runs. */
  private async allTold(): Promise<void> {
    while (this.open.size > 0 || this.unsettled.length > 0) {
      this.settleNow();
      await Promise.allSettled(this.open);
    }
  }

  private notify(method: string, message: Message): void {
    if (method === 'tools/call') {
      this.listener.trouble(
        'a tool call without an id was dropped: nobody could be told that it may not run',
      );
      return;
    }
    if (method === 'notifications/cancelled' && this.cancelAsked(message.body)) return;
    if (this.gone === null) this.inner.send(message);
  }

  /** @returns whether it cancels a call that the server has never heard of */
  private cancelAsked(body: JsonRecord): boolean {
    const id = recordOf(body, 'params')?.['requestId'];
    const entry = typeof id === 'string' || typeof id === 'number' ? this.pending.get(id) : undefined;
    if (entry === undefined) return false;
    entry.isCancelled = true;
    if (entry.isAsked) return true;
    // A server owes no answer to what was cancelled, and may have done it all the same.
    this.pending.delete(id as RequestId);
    if (entry.method === 'tools/call') this.settle(entry, { status: 'unknown', error: 'It was cancelled.' });
    return false;
  }

  private request(id: RequestId, method: string, message: Message): void {
    const error = this.errorFor(id);
    if (error !== null) this.listener.message(error);
    else if (method === 'tools/call') this.startCall(id, message);
    else {
      this.pending.set(id, { method, toolCallId: null, isAsked: false, isCancelled: false });
      this.inner.send(message);
    }
  }

  private errorFor(id: RequestId): Message | null {
    if (this.gone !== null) return errorTo(id, FAILURE.serverGone, this.gone);
    if (this.pending.has(id)) {
      return errorTo(id, FAILURE.invalidRequest, 'A request with this id is still running.');
    }
    return this.pending.size >= REQUESTS_MAX
      ? errorTo(id, FAILURE.serverGone, 'Too many requests are running at once.')
      : null;
  }

  private startCall(id: RequestId, message: Message): void {
    const refusal = this.refusedUnasked(message);
    if (refusal !== null) {
      this.listener.message(this.refusal(id, message, refusal));
      return;
    }
    const entry: Pending = { method: 'tools/call', toolCallId: null, isAsked: true, isCancelled: false };
    this.pending.set(id, entry);
    this.keep(this.call(id, entry, message));
  }

  /** What is refused without asking the gate. */
  private refusedUnasked({ body, isInexact }: Message): Refusal | null {
    const params = recordOf(body, 'params');
    const name = params === null ? null : textOf(params, 'name');
    const no = (reasonCode: string, text: string): Refusal => ({ decision: 'DENY', reasonCode, text });
    if (params === null || name === null || name.length > TOOL_NAME_LENGTH_MAX) {
      return no('INVALID_CALL', 'The call names no tool, so it is denied.');
    }
    const odd = misspeltInCall(params);
    if (odd !== undefined) {
      return no(
        'INVALID_CALL',
        `The call says ${JSON.stringify(odd)} beside what it may say, so it is denied.`,
      );
    }
    if (isInexact === true) {
      return no(
        'INVALID_CALL',
        'A number in the call is too large to be kept exactly, so the call is denied: send it as text.',
      );
    }
    return this.calls >= CALLS_MAX
      ? no('TOO_MANY_CALLS', 'Too many calls are running at once: wait until some have ended.')
      : null;
  }

  private async call(id: RequestId, entry: Pending, message: Message): Promise<void> {
    const params = recordOf(message.body, 'params') ?? {};
    const name = textOf(params, 'name') ?? '';
    const { annotations } = this.tools.named(name);
    const { gate, server } = this.gating;
    this.calls += 1;
    try {
      const input = params['arguments'] ?? {};
      const tool = { name, server, cwd: process.cwd(), ...(annotations !== null && { annotations }) };
      const answer = gate.submit(tool, input);
      this.settleNow();
      const { toolCallId } = await answer;
      entry.toolCallId = toolCallId;
    } catch (error) {
      this.calls -= 1;
      if (this.take(id, entry) && !entry.isCancelled) {
        this.listener.message(this.refusal(id, message, refusalOf(error)));
      }
      return;
    }
    entry.isAsked = false;
    if (entry.isCancelled || this.pending.get(id) !== entry) {
      this.take(id, entry);
      this.settle(entry, { status: 'failed', error: 'It never ran.' });
    } else this.inner.send(message);
  }

  private take(id: RequestId, entry: Pending): boolean {
    return this.pending.get(id) === entry && this.pending.delete(id);
  }

  /** What the server says goes on as it is, and then is looked at. */
  private hear(message: Message): void {
    const id = answeredIdOf(message.body);
    const entry = id === null ? undefined : this.pending.get(id);
    // Before the gate has spoken the server cannot know of the call: this is no answer to it.
    if (id === null || entry === undefined || entry.isAsked) {
      if (entry === undefined) this.listener.message(message);
      return;
    }
    this.pending.delete(id);
    this.listener.message(message);
    const result = recordOf(message.body, 'result');
    if (entry.method === 'tools/list' && result !== null) this.tools.hear(result);
    if (entry.method === 'tools/call') this.settle(entry, outcomeOf(message.body));
  }

  private lose(id: RequestId, reason: string): void {
    const entry = this.pending.get(id);
    if (entry === undefined || entry.isAsked) return;
    this.pending.delete(id);
    this.listener.message(errorTo(id, FAILURE.serverGone, reason));
    if (entry.method === 'tools/call') this.settle(entry, { status: 'unknown', error: reason });
  }

  private loseAll(reason: string): void {
    if (this.gone !== null) return;
    this.gone = reason;
    for (const [id, entry] of this.pending) {
      this.listener.message(errorTo(id, FAILURE.serverGone, reason));
      // Of one that is still being asked about, the asking itself tells what came of it.
      if (entry.method === 'tools/call' && !entry.isAsked) {
        this.settle(entry, { status: 'unknown', error: reason });
      }
    }
    this.pending.clear();
    if (!this.isClosing) this.listener.closed(reason);
  }

  private settle({ toolCallId }: Pending, outcome: Outcome): void {
    this.calls -= 1;
    if (toolCallId === null) return;
    this.unsettled.push({ toolCallId, outcome });
    this.settleTimer ??= setTimeout(() => this.settleNow(), SETTLE_DELAY_MS);
  }

  /** An outcome that travels beside the next call is written with it, and does not make it wait. */
  private settleNow(): void {
    if (this.settleTimer !== null) clearTimeout(this.settleTimer);
    this.settleTimer = null;
    for (const { toolCallId, outcome } of this.unsettled.splice(0)) {
      this.keep(this.gating.gate.settle(toolCallId, outcome));
    }
  }

  /** What the end waits for. */
  private keep(work: Promise<unknown>): void {
    this.open.add(work);
    const forget = (): void => void this.open.delete(work);
    work.then(forget, forget);
  }

  private refusal(id: RequestId, { body }: Message, refusal: Refusal): Message {
    const params = recordOf(body, 'params') ?? {};
    const { hasOutputSchema } = this.tools.named(textOf(params, 'name') ?? '');
    const isModern = ownVersionOf(body) !== null;
    return refusalResult(id, refusal, { hasOutputSchema, isModern });
  }
}

/** What became of a call, by its answer. */
function outcomeOf(body: JsonRecord): Outcome {
  const result = recordOf(body, 'result');
  if (result === null) {
    return { status: 'failed', error: textOf(recordOf(body, 'error') ?? {}, 'message') ?? 'error' };
  }
  if (result['isError'] === true) return { status: 'failed', error: 'The tool answered with an error.' };
  // A task that has only begun, or a call that asks for more before it goes on.
  const isOpen = result['task'] !== undefined || result['resultType'] === 'input_required';
  return { status: isOpen ? 'unknown' : 'succeeded' };
}
