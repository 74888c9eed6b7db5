/** Tries a proxy before anybody relies on it: the server behind answers, and what is destructive is refused. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import { type Gating, openGatedServer } from './gated-server.js';
import { answeredIdOf, messageOf, methodOf } from './message.js';
import { DECISION_META } from './refusal.js';
import type { OpenServer, ServerBehind } from './server.js';

/** Made up: no call of it is ever passed on, whatever the gate says. */
const DESTRUCTIVE = 'drop_all_databases';
const STEP_DEADLINE_MS = 20_000;

export interface SelfTestStep {
  readonly what: string;
  readonly isWell: boolean;
  /** What was found, in a few words. */
  readonly found: string;
}

/** Starts the server, lists its tools, asks for something destructive, and ends the server. */
export async function selfTest(open: OpenServer, gating: Gating): Promise<SelfTestStep[]> {
  const probe = new Probe(open, gating);
  const steps: SelfTestStep[] = [];
  try {
    const isUp = await probe.start();
    steps.push({ what: 'the server behind answers', ...isUp });
    if (isUp.isWell) steps.push({ what: 'it lists its tools', ...(await probe.list()) });
    steps.push({ what: `${DESTRUCTIVE} is refused by the gate`, ...(await probe.destroy()) });
    steps.push({
      what: 'the server behind never heard of it',
      isWell: !probe.hasCallPassed,
      found: probe.hasCallPassed ? 'it would have been sent to it; it was held back here' : '',
    });
  } finally {
    await probe.close();
  }
  return steps;
}

type Finding = Omit<SelfTestStep, 'what'>;

class Probe {
  hasCallPassed = false;
  private readonly server: ServerBehind;
  private readonly waiting = new Map<number, (body: JsonRecord) => void>();
  private latestId = 0;

  constructor(open: OpenServer, gating: Gating) {
    const watched: OpenServer = (listener) => {
      const server = open(listener);
      return {
        send: (message) => {
          if (methodOf(message.body) === 'tools/call') {
            this.hasCallPassed = true;
            listener.lost(Number(message.body['id']), 'It was held back by the self-test.');
          } else server.send(message);
        },
        close: () => server.close(),
      };
    };
    this.server = openGatedServer(
      watched,
      gating,
    )({
      message: ({ body }) => this.waiting.get(Number(answeredIdOf(body)))?.(body),
      lost: () => undefined,
      closed: () => undefined,
      trouble: () => undefined,
    });
  }

  async start(): Promise<Finding> {
    const answer = await this.ask('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'countersign-self-test', version: '1' },
    });
    const result = recordOf(answer, 'result');
    if (result === null) return { isWell: false, found: complaintOf(answer) };
    this.server.send(messageOf({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    const { name = 'unnamed', version = '' } = recordOf(result, 'serverInfo') ?? {};
    return { isWell: true, found: `${String(name)} ${String(version)}`.trim() };
  }

  async list(): Promise<Finding> {
    const answer = await this.ask('tools/list', {});
    const tools = recordOf(answer, 'result')?.['tools'];
    if (!Array.isArray(tools)) return { isWell: false, found: complaintOf(answer) };
    const names = tools.map((tool) => (isRecord(tool) ? (textOf(tool, 'name') ?? '?') : '?'));
    const shown = names.slice(0, 5).join(', ');
    return { isWell: true, found: `${names.length}: ${shown}${names.length > 5 ? ', …' : ''}` };
  }

  async destroy(): Promise<Finding> {
    const answer = await this.ask('tools/call', { name: DESTRUCTIVE, arguments: {} });
    const meta = recordOf(recordOf(answer, 'result') ?? {}, '_meta') ?? {};
    const { decision, reason_code: reason } = recordOf(meta, DECISION_META) ?? {};
    if (decision === undefined) return { isWell: false, found: complaintOf(answer) };
    const isTheGates = reason !== 'GATE_UNAVAILABLE';
    return { isWell: isTheGates, found: isTheGates ? String(reason) : saidIn(answer) };
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** The whole answer; an error of our own when none comes in time. */
  private ask(method: string, params: JsonRecord): Promise<JsonRecord> {
    this.latestId += 1;
    const id = this.latestId;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve({ error: { message: `no answer within ${STEP_DEADLINE_MS} ms` } }),
        STEP_DEADLINE_MS,
      );
      this.waiting.set(id, (body) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(body);
      });
      this.server.send(messageOf({ jsonrpc: '2.0', id, method, params }));
    });
  }
}

const complaintOf = (answer: JsonRecord): string =>
  textOf(recordOf(answer, 'error') ?? {}, 'message') ?? 'its answer is not what MCP says';

function saidIn(answer: JsonRecord): string {
  const content = recordOf(answer, 'result')?.['content'];
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isRecord(first) ? (textOf(first, 'text') ?? '') : '';
}
