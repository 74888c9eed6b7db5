/** The client of the gate: wraps a function so that it runs only after ALLOW, and reports what came of it. */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { askGate, type GateDecision, type Gate as GateSettings, isAllowed, NoAnswer } from '../gate.js';
import type { GateCall, GateFile } from '../gate-call.js';
import { postToGate } from '../gate-client.js';
import { integerOf, isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import { GateUnavailable, Refused } from './errors.js';

const DEADLINE_MS = 20_000;
const WAIT_MS_MAX = 600_000;
/** Attempts to ask; and the pause before a second attempt, in ms, of which each further one is twice as long. */
const SUBMITS = 3;
const FIRST_PAUSE_MS = 200;
const PAUSE_MS_MAX = 5_000;
const REPORT_MS = 1_500;
const ERROR_LENGTH_MAX = 1_000;

export interface GateOptions {
  /** Address of the server; http://127.0.0.1:7878 when left out. */
  readonly url?: string;
  /** A key that may ask the gate (`reservations:create`). */
  readonly apiKey: string;
  /** The server's Ed25519 key in base64url. Pin it wherever something else could answer in its place. */
  readonly publicKey?: string;
  /** What asks, as the record shows it; `sdk` when left out. */
  readonly harness?: string;
  /** The session whose authority is spent; 1 to 128 letters, digits, `_`, `.` or `-`. */
  readonly session: string;
  /** Subject levels that the key does not fix. */
  readonly subject?: { readonly workspace?: string; readonly app?: string; readonly agent?: string };
  /** How long to wait for a person's decision, 0 to 600,000 ms; 0 when left out. */
  readonly waitMs?: number;
  /** How long one attempt to reach the gate may take beyond the wait, in ms; 20,000 when left out. */
  readonly deadlineMs?: number;
  /**
   * How long to go on trying to report an outcome, in pauses of ms; 1,500 when left out. A guarded function returns
   * only then.
   */
  readonly reportMs?: number;
  /** Hears of outcomes that could not be reported: the hold is then charged when its time is up. */
  readonly onTrouble?: (problem: Error) => void;
}

/** What is about to be called. */
export interface ToolDescription {
  /** 1 to 256 characters. */
  readonly name: string;
  /** The MCP server or service that the tool belongs to. */
  readonly server?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly cwd?: string;
  /** Facts that can raise the risk, such as `{ environment: 'production' }`. */
  readonly context?: Readonly<Record<string, string>>;
  /** What it may cost in money; held together with the risk points. */
  readonly estimate?: Money;
  /** How long to wait for a person's decision about it, in ms; what the gate was created with when left out. */
  readonly waitMs?: number;
}

/** An exact amount: int64, as a bigint where it is beyond 2^53. */
export interface Money {
  readonly unit: 'USD_MICROCENTS' | 'TOKENS' | 'CREDITS';
  readonly amount: bigint | number;
}

export interface CallOptions {
  /** Names this very call: asked again under the same key, it is the same call. Random when left out. */
  readonly idempotencyKey?: string;
  /** Files that the call will read or run. */
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly signal?: AbortSignal;
}

/** A call that may run. */
export interface Permission {
  readonly toolCallId: string;
  readonly decision: 'ALLOW' | 'ALLOW_WITH_CAPS';
  /** Limits to keep to, as a policy sets them: `max_tokens`, `tool_allowlist` and the like; null without any. */
  readonly caps: Readonly<Record<string, unknown>> | null;
  readonly riskPoints: number | null;
}

/** What a guarded function gets beside its input. */
export interface Run extends Permission {
  readonly signal: AbortSignal | undefined;
  /** Says what it really cost, or what the other side answered; the last word counts. @throws TypeError */
  report(outcome: { readonly actual?: Money; readonly httpStatus?: number }): void;
}

export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly error?: string;
  readonly httpStatus?: number;
  readonly actual?: Money;
}

export interface Gate {
  /**
   * Wraps a function: each call is submitted, held and recorded before the function runs, and settled afterwards.
   * The function's own error is thrown as it is, after it was reported.
   * @throws Refused when the gate says no, GateUnavailable when it cannot be asked; the function was not run then
   */
  guard<Input, Output>(
    tool: string | ToolDescription,
    fn: (input: Input, run: Run) => Promise<Output> | Output,
  ): (input: Input, options?: CallOptions) => Promise<Output>;
  /** Asks about one call. @throws Refused, GateUnavailable */
  submit(tool: string | ToolDescription, input: unknown, options?: CallOptions): Promise<Permission>;
  /** Reports what came of a call that was let run. Resolves to false, after telling `onTrouble`, when it could not. */
  settle(toolCallId: string, outcome: Outcome): Promise<boolean>;
}

/** @throws TypeError for a missing key or session, or times out of range */
export function createGate(options: GateOptions): Gate {
  const client = new Client(options);
  return {
    guard: (tool, fn) => client.guard(tool, fn),
    submit: (tool, input, call) => client.submit(tool, input, call),
    settle: (toolCallId, outcome) => client.settle(toolCallId, outcome),
  };
}

/**
 * Guards a function by the gate that the environment names: COUNTERSIGN_API_KEY, and where they are set
 * COUNTERSIGN_URL, COUNTERSIGN_PUBLIC_KEY and COUNTERSIGN_SESSION, else a session of this process.
 * @throws TypeError without an API key
 */
export function guard<Input, Output>(
  tool: string | ToolDescription,
  fn: (input: Input, run: Run) => Promise<Output> | Output,
): (input: Input, options?: CallOptions) => Promise<Output> {
  ownGate ??= createGate(optionsFrom(process.env));
  return ownGate.guard(tool, fn);
}

let ownGate: Gate | null = null;

function optionsFrom(environment: NodeJS.ProcessEnv): GateOptions {
  const { COUNTERSIGN_URL: url, COUNTERSIGN_PUBLIC_KEY: publicKey } = environment;
  return {
    apiKey: environment['COUNTERSIGN_API_KEY'] ?? '',
    session: environment['COUNTERSIGN_SESSION'] || `sdk-${randomUUID()}`,
    ...(url && { url }),
    ...(publicKey && { publicKey }),
  };
}

class Client {
  private readonly settings: GateSettings;
  private readonly waitMs: number;
  private readonly reportMs: number;
  private readonly onTrouble: (problem: Error) => void;

  constructor(private readonly options: GateOptions) {
    const { url = 'http://127.0.0.1:7878', apiKey, publicKey, session, waitMs = 0, deadlineMs } = options;
    if (!apiKey) throw new TypeError('createGate needs an apiKey');
    if (!/^[\w.-]{1,128}$/.test(session)) {
      throw new TypeError('session must be 1 to 128 letters, digits, "_", "." or "-"');
    }
    checkWait(waitMs);
    if (deadlineMs !== undefined && !(deadlineMs > 0)) throw new TypeError('deadlineMs must be positive');
    if (options.reportMs !== undefined && !(options.reportMs >= 0)) {
      throw new TypeError('reportMs must be 0 or more');
    }
    this.waitMs = waitMs;
    this.reportMs = options.reportMs ?? REPORT_MS;
    this.settings = {
      url,
      apiKey,
      keepsConnections: true,
      publicKey: publicKey ?? null,
      deadlineMs: deadlineMs ?? DEADLINE_MS,
    };
    this.onTrouble = options.onTrouble ?? ((problem) => process.emitWarning(problem));
  }

  guard<Input, Output>(
    tool: string | ToolDescription,
    fn: (input: Input, run: Run) => Promise<Output> | Output,
  ): (input: Input, options?: CallOptions) => Promise<Output> {
    return async (input, call = {}) => {
      const permission = await this.submit(tool, input, call);
      let reported: Pick<Outcome, 'actual' | 'httpStatus'> = {};
      const run: Run = {
        ...permission,
        signal: call.signal,
        report: (outcome) => {
          if (outcome.actual !== undefined) moneyJson(outcome.actual);
          reported = { ...reported, ...outcome };
        },
      };
      let output: Output;
      try {
        output = await fn(input, run);
      } catch (error) {
        // What was cut off may have happened all the same.
        const status = call.signal?.aborted ? 'unknown' : 'failed';
        await this.settle(permission.toolCallId, { status, error: wordsOf(error), ...reported });
        throw error;
      }
      await this.settle(permission.toolCallId, { status: 'succeeded', ...reported });
      return output;
    };
  }

  async submit(
    tool: string | ToolDescription,
    input: unknown,
    options: CallOptions = {},
  ): Promise<Permission> {
    options.signal?.throwIfAborted();
    const call = this.callOf(typeof tool === 'string' ? { name: tool } : tool, input, options);
    const answer = await this.ask(call, options.signal);
    if (!isAllowed(answer)) throw refusedOf(answer);
    const { body, toolCallId, decision } = answer;
    if (options.signal?.aborted) {
      await this.settle(toolCallId, { status: 'failed', error: 'It was cut off before it ran.' });
      options.signal.throwIfAborted();
    }
    const assessment = recordOf(body, 'assessment');
    return {
      toolCallId,
      decision: decision as Permission['decision'],
      caps: recordOf(body, 'caps'),
      riskPoints: assessment === null ? null : integerOf(assessment, 'risk_points'),
    };
  }

  async settle(toolCallId: string, outcome: Outcome): Promise<boolean> {
    const { status, error, httpStatus, actual } = outcome;
    const body = withAmounts(
      {
        status,
        ...(error !== undefined && { error: error.slice(0, ERROR_LENGTH_MAX) }),
        ...(httpStatus !== undefined && { http_status: httpStatus }),
      },
      { actual },
    );
    const path = `/gate/tool-calls/${encodeURIComponent(toolCallId)}/outcome`;
    let problem = '';
    let leftMs = this.reportMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        const reply = await postToGate(this.settings, path, body, this.settings.deadlineMs);
        if (reply.status === 200) return true;
        problem = `it answered ${reply.status}`;
        if (!isPassing(reply.status)) break;
      } catch (error) {
        problem = `it ${(error as Error).message}`;
      }
      if (pauseMs > leftMs) break;
      await pause(pauseMs);
      leftMs -= pauseMs;
    }
    this.onTrouble(new Error(`The gate did not take the outcome of ${toolCallId}: ${problem}.`));
    return false;
  }

  /** Under one idempotency key, so that an answer that got lost is not a second call. */
  private async ask(call: SubmittedCall, signal: AbortSignal | undefined): Promise<GateDecision> {
    const patient = { ...this.settings, deadlineMs: this.settings.deadlineMs + (call.wait_ms ?? 0) };
    for (let attempt = 1; ; attempt++) {
      try {
        const text = withAmounts(call, { estimate: call.estimate });
        return await askGate(patient, call, text, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof NoAnswer)) throw error;
        const isWorthwhile = error.status === null ? error.isUnreachable : isPassing(error.status);
        if (attempt >= SUBMITS || !isWorthwhile) {
          throw new GateUnavailable(error.message, error.status, { cause: error });
        }
      }
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
    }
  }

  private callOf(tool: ToolDescription, input: unknown, options: CallOptions): SubmittedCall {
    const { harness = 'sdk', session, subject } = this.options;
    const { waitMs = this.waitMs } = tool;
    checkWait(waitMs);
    return {
      idempotency_key: options.idempotencyKey ?? randomUUID(),
      harness,
      session_id: session,
      ...(subject !== undefined && { subject: { ...subject } as Record<string, string> }),
      tool: {
        name: tool.name,
        server: tool.server ?? null,
        annotations: tool.annotations ?? null,
        // What JSON cannot say does not reach the gate, and is not what the hash is about.
        input: JSON.parse(JSON.stringify(input ?? {})) as unknown,
      },
      cwd: tool.cwd ?? null,
      ...(tool.context !== undefined && { context: tool.context }),
      files: (options.files ?? []).map(fileOf),
      nonce: randomBytes(18).toString('base64url'),
      ...(waitMs > 0 && { wait_ms: waitMs }),
      ...(tool.estimate !== undefined && { estimate: tool.estimate }),
    };
  }
}

function checkWait(waitMs: number): void {
  if (Number.isInteger(waitMs) && waitMs >= 0 && waitMs <= WAIT_MS_MAX) return;
  throw new TypeError(`waitMs must be a whole number from 0 to ${WAIT_MS_MAX}`);
}

interface SubmittedCall extends GateCall {
  readonly context?: Readonly<Record<string, string>>;
  readonly estimate?: Money;
}

const fileOf = ({ path, content }: { readonly path: string; readonly content: string }): GateFile => ({
  path,
  content,
  sha256: createHash('sha256').update(content, 'utf8').digest('hex'),
});

/** Anything can be thrown, also what has no words for itself. */
function wordsOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'an error without a message';
  }
}

/** Too much at once, or a server that cannot at the moment: the same request may do better soon. */
const isPassing = (status: number): boolean => status === 429 || status === 503;

/** JSON in which amounts are integers to the last digit. */
function withAmounts(body: object, amounts: Readonly<Record<string, Money | undefined>>): string {
  const members = Object.entries(amounts).flatMap(([name, money]) =>
    money === undefined ? [] : [`${JSON.stringify(name)}:${moneyJson(money)}`],
  );
  const text = JSON.stringify({
    ...body,
    ...Object.fromEntries(Object.keys(amounts).map((name) => [name, undefined])),
  });
  return members.length === 0 ? text : `${text.slice(0, -1)}${text === '{}' ? '' : ','}${members.join(',')}}`;
}

function moneyJson({ unit, amount }: Money): string {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) {
    throw new TypeError('an amount must be a whole number; beyond 2^53 a bigint');
  }
  return `{"unit":${JSON.stringify(unit)},"amount":${amount}}`;
}

function refusedOf({ decision, toolCallId, message, body }: GateDecision): Refused {
  const approval = recordOf(body, 'approval') ?? {};
  const detail: JsonRecord | null = recordOf(body, 'deny_detail');
  return new Refused(message ?? `The gate answered ${decision}.`, {
    decision,
    reasonCode: textOf(body, 'reason_code'),
    toolCallId,
    approvalId: textOf(approval, 'approval_id'),
    approvalUrl: textOf(approval, 'url'),
    retryAfterMs:
      integerOf(body, 'retry_after_ms') ?? (isRecord(detail) ? integerOf(detail, 'retry_after_ms') : null),
    denyDetail: detail,
  });
}
