/** What a client or a server may try to get a tool call past the gate, or an outcome out of the record. */

import { Refused } from '../../src/integrations/client/errors.js';
import type { Gate, Outcome } from '../../src/integrations/client/guard.js';
import { openGatedServer } from '../../src/integrations/mcp-proxy/gated-server.js';
import { type Message, messageOf, readClientMessage } from '../../src/integrations/mcp-proxy/message.js';
import type { OpenServer, ServerListener } from '../../src/integrations/mcp-proxy/server.js';
import { openSeveral } from '../../src/integrations/mcp-proxy/several-servers.js';

type Body = Record<string, unknown>;

/** A gate that says what it is told to, and writes down what it hears. */
class ScriptedGate implements Gate {
  readonly asked: { name: string; annotations: unknown }[] = [];
  readonly settled: [string, Outcome['status']][] = [];
  /** What it waits for before it says anything. */
  until: Promise<void> = Promise.resolve();

  guard = (): never => {
    throw new Error('nobody guards here');
  };

  submit: Gate['submit'] = async (tool) => {
    const { name, annotations } = typeof tool === 'string' ? { name: tool } : tool;
    this.asked.push({ name, annotations });
    const toolCallId = `t${this.asked.length}`;
    await this.until;
    if (name.startsWith('drop')) {
      const said = { decision: 'DENY', reasonCode: 'RADIUS_REFUSED', toolCallId: 'd', approvalId: null };
      throw new Refused('No.', { ...said, retryAfterMs: null, denyDetail: null });
    }
    return { toolCallId, decision: 'ALLOW', caps: null, riskPoints: 1 };
  };

  settle: Gate['settle'] = async (toolCallId, { status }) => {
    this.settled.push([toolCallId, status]);
    return true;
  };
}

/** A server that does what the test says, and writes down what reaches it. */
class ScriptedServer {
  readonly heard: Body[] = [];
  listener: ServerListener | null = null;
  onClose: () => void = () => undefined;

  readonly open: OpenServer = (listener) => {
    this.listener = listener;
    return {
      send: ({ body }) => void this.heard.push(body),
      close: async () => this.onClose(),
    };
  };

  say(body: Body): void {
    this.listener?.message(messageOf({ jsonrpc: '2.0', ...body }));
  }
}

const settling = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
};

/** Everything that reaches the client. */
const listening = (): { said: Body[]; listener: ServerListener } => {
  const said: Body[] = [];
  const listener = {
    message: ({ body }: Message) => void said.push(body),
    lost: () => undefined,
    closed: () => undefined,
    trouble: () => undefined,
  };
  return { said, listener };
};

const call = (id: number, name: string): Message =>
  messageOf({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } });

describe('A message that a lenient reader could take for a tool call', () => {
  it.each([
    ['a method in capitals', '{"id":1,"method":"Tools/Call","params":{"name":"x"}}'],
    ['a method with blanks', '{"id":1,"method":" tools/call","params":{"name":"x"}}'],
    ['a method with other marks', '{"id":1,"method":"tools\\\\call","params":{"name":"x"}}'],
    ['a method with a letter that folds', '{"id":1,"method":"tool\\u017f/call","params":{"name":"x"}}'],
    ['a notification of it', '{"method":"TOOLS/CALL","params":{"name":"x"}}'],
    ['an answer with a method in other letters', '{"id":1,"Method":"tools/call","params":{"name":"x"}}'],
    ['two methods', '{"id":1,"method":"ping","METHOD":"tools/call","params":{"name":"x"}}'],
    ['two parameters', '{"id":1,"method":"ping","params":{},"Param\\u017f":{"name":"x"}}'],
  ])('is not taken: %s', (_what, line) => {
    expect(readClientMessage(line)).toMatchObject({ refused: { body: { error: { code: -32600 } } } });
  });

  it.each(['Name', 'ARGUMENTS', 'argument\u017f', '_Meta', 'Task'])(
    'is refused where it says %s beside what the gate would judge',
    async (key) => {
      const gate = new ScriptedGate();
      const server = new ScriptedServer();
      const { said, listener } = listening();
      const proxy = openGatedServer(server.open, { gate, server: 's' })(listener);
      const params = { name: 'get_page', arguments: {}, [key]: 'drop_all_databases' };
      proxy.send(messageOf({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
      expect(said).toMatchObject([
        { id: 1, result: { isError: true, structuredContent: { reason_code: 'INVALID_CALL' } } },
      ]);
      expect([server.heard, gate.asked]).toEqual([[], []]);
      await proxy.close();
    },
  );
});

describe('The gate in front of a server', () => {
  let gate: ScriptedGate;
  let server: ScriptedServer;
  let said: Body[];
  let proxy: ReturnType<OpenServer>;

  beforeEach(() => {
    gate = new ScriptedGate();
    server = new ScriptedServer();
    const client = listening();
    said = client.said;
    proxy = openGatedServer(server.open, { gate, server: 's' })(client.listener);
  });

  it('keeps in mind that a tool called itself destructive', async () => {
    const list = (id: number, annotations: object): void => {
      proxy.send(messageOf({ jsonrpc: '2.0', id, method: 'tools/list' }));
      server.say({ id, result: { tools: [{ name: 'tidy', annotations }] } });
    };
    list(1, { destructiveHint: true });
    list(2, { destructiveHint: false, readOnlyHint: true });
    proxy.send(call(3, 'tidy'));
    expect(gate.asked).toEqual([
      { name: 'tidy', annotations: { destructiveHint: true, readOnlyHint: true } },
    ]);
    await proxy.close();
  });

  it('has told the outcome before it waits for a server that is slow to end', async () => {
    proxy.send(call(1, 'get_page'));
    await settling(() => server.heard.length === 1);
    server.say({ id: 1, result: { content: [] } });
    let toldByThen: unknown[] = [];
    server.onClose = () => {
      toldByThen = [...gate.settled];
    };
    await proxy.close();
    expect(toldByThen).toEqual([['t1', 'succeeded']]);
  });

  it('tells of a call that never ran because the client had gone before the gate spoke', async () => {
    let speak = (): void => undefined;
    gate.until = new Promise((resolve) => {
      speak = resolve;
    });
    proxy.send(call(1, 'get_page'));
    const closed = proxy.close();
    await new Promise((resolve) => setImmediate(resolve));
    speak();
    await closed;
    expect([gate.settled, server.heard]).toEqual([[['t1', 'failed']], []]);
  });

  it('tells what became of every call of which the client has gone', async () => {
    proxy.send(call(1, 'get_page'));
    await settling(() => server.heard.length === 1);
    proxy.send(call(2, 'get_page'));
    await proxy.close();
    expect(gate.settled).toEqual([
      ['t1', 'unknown'],
      ['t2', 'failed'],
    ]);
    expect(server.heard).toHaveLength(1);
  });

  it('takes no answer for a call that the server cannot have heard of', async () => {
    proxy.send(call(1, 'drop_all'));
    server.say({ id: 1, result: { content: [{ type: 'text', text: 'done' }] } });
    await settling(() => said.length === 1);
    expect(said).toMatchObject([{ result: { isError: true } }]);
    await proxy.close();
  });

  it('does not send a call that was cancelled while the gate was asked', async () => {
    proxy.send(call(1, 'get_page'));
    proxy.send(messageOf({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }));
    await settling(() => gate.settled.length === 1);
    expect([server.heard, said, gate.settled]).toEqual([[], [], [['t1', 'failed']]]);
    await proxy.close();
  });

  it('settles two hundred calls that run at once, each once', async () => {
    for (let id = 0; id < 200; id++) proxy.send(call(id, 'get_page'));
    await settling(() => server.heard.length === 200);
    for (let id = 0; id < 200; id++) server.say({ id, result: { content: [] } });
    await proxy.close();
    expect(said).toHaveLength(200);
    expect(new Set(gate.settled.map(([id]) => id)).size).toBe(200);
    expect(gate.settled).toHaveLength(200);
  });

  it('refuses more than it can hold, and has room again afterwards', async () => {
    for (let id = 0; id < 300; id++) proxy.send(call(id, 'get_page'));
    await settling(() => server.heard.length === 256);
    expect(said.filter(({ result }) => result !== undefined)).toHaveLength(44);
    for (let id = 0; id < 256; id++) server.say({ id, result: { content: [] } });
    proxy.send(call(1_000, 'get_page'));
    await settling(() => server.heard.length === 257);
    await proxy.close();
  });
});

describe('Several servers', () => {
  it('are listed without one that does not answer, whose late answer reaches nobody', async () => {
    const [well, hung] = [new ScriptedServer(), new ScriptedServer()];
    const { said, listener } = listening();
    const servers = new Map([
      ['well', well.open],
      ['hung', hung.open],
    ]);
    const several = openSeveral(servers, 1)(listener);
    several.send(messageOf({ jsonrpc: '2.0', id: 7, method: 'tools/list' }));
    well.say({ id: 7, result: { tools: [{ name: 'x' }] } });
    await settling(() => said.length === 1);
    hung.say({ id: 7, result: { tools: [{ name: 'y' }] } });
    expect(said).toMatchObject([{ id: 7, result: { tools: [{ name: 'well__x' }] } }]);
    expect(hung.heard.map(({ method }) => method)).toEqual(['tools/list', 'notifications/cancelled']);
    await several.close();
  });
});
