/** The adapters in the SDKs that they are for, with models that always call the same tool. */

import {
  Agent,
  tool as agentTool,
  type Model,
  type ModelResponse,
  Runner,
  setTracingDisabled,
  Usage,
} from '@openai/agents';
import { generateText, jsonSchema, stepCountIs, type ToolSet, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { createGate, type Gate } from '../../src/integrations/client/client.js';
import { gateGuardrail, guardTool } from '../../src/integrations/client/openai-agents.js';
import { guardTools, toolApproval } from '../../src/integrations/client/vercel-ai.js';
import { GateServer } from '../gate/gate-server.js';

const ORDINARY = { command: 'git push origin feature' };
const DESTRUCTIVE = { command: 'rm -rf /' };
const PARAMETERS = {
  type: 'object',
  properties: { command: { type: 'string' } },
  required: ['command'],
  additionalProperties: false,
} as const;

describe('an SDK of agents', () => {
  let server: GateServer;
  let gate: Gate;
  let ran: unknown[];
  let session = 0;

  beforeAll(async () => {
    setTracingDisabled(true);
    server = await GateServer.start();
    await server.sessions('ide', 100);
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    ran = [];
    session += 1;
    gate = createGate({ url: server.url, apiKey: await server.key(), session: `sdk-${session}` });
  });

  const outcomes = async (): Promise<unknown[]> =>
    (await server.actions(`sdk-${session}`)).map((row) => [
      row['decided']?.['decision'],
      row['outcome']?.['status'],
    ]);

  describe('Vercel’s', () => {
    const usage = {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    };
    const modelCalling = (input: object): MockLanguageModelV4 => {
      let step = 0;
      return new MockLanguageModelV4({
        doGenerate: async () => {
          step += 1;
          return step === 1
            ? {
                content: [
                  {
                    type: 'tool-call',
                    toolCallId: 'call-1',
                    toolName: 'shell',
                    input: JSON.stringify(input),
                  },
                ],
                finishReason: { unified: 'tool-calls', raw: undefined },
                usage,
                warnings: [],
              }
            : {
                content: [{ type: 'text', text: 'over' }],
                finishReason: { unified: 'stop', raw: undefined },
                usage,
                warnings: [],
              };
        },
      });
    };
    const tools = (): ToolSet => ({
      shell: tool({
        description: 'runs a command',
        inputSchema: jsonSchema<{ command: string }>(PARAMETERS as never),
        execute: async (input) => {
          ran.push(input);
          return 'done';
        },
      }),
    });
    const ask = (input: object, withApproval = false) =>
      generateText({
        model: modelCalling(input),
        prompt: 'go',
        tools: guardTools(gate, tools()),
        stopWhen: stepCountIs(2),
        ...(withApproval && { toolApproval: toolApproval(gate) }),
      });

    it.each([false, true])('executes what is allowed and settles it (approval: %s)', async (withApproval) => {
      const { steps } = await ask(ORDINARY, withApproval);
      expect(ran).toEqual([ORDINARY]);
      expect(JSON.stringify(steps[0]?.content)).toContain('done');
      expect(await outcomes()).toEqual([['ALLOW', 'succeeded']]);
    });

    it.each([false, true])(
      'tells the model why something is refused (approval: %s)',
      async (withApproval) => {
        const { steps } = await ask(DESTRUCTIVE, withApproval);
        expect(ran).toEqual([]);
        const said = JSON.stringify(steps.map(({ content, response }) => [content, response.messages]));
        expect(said).toMatch(/gate|risk points/);
        expect(await outcomes()).toEqual([['DENY', undefined]]);
      },
    );
  });

  describe('OpenAI’s', () => {
    const modelCalling = (input: object): Model => {
      let step = 0;
      return {
        getResponse: async (): Promise<ModelResponse> => {
          step += 1;
          return {
            usage: new Usage(),
            output:
              step === 1
                ? [
                    {
                      type: 'function_call',
                      callId: 'call-1',
                      name: 'shell',
                      status: 'completed',
                      arguments: JSON.stringify(input),
                    },
                  ]
                : [
                    {
                      type: 'message',
                      role: 'assistant',
                      status: 'completed',
                      content: [{ type: 'output_text', text: 'over' }],
                    },
                  ],
          };
        },
        getStreamedResponse: () => {
          throw new Error('nobody streams here');
        },
      };
    };
    const run = async (input: object, withGuardrail: boolean, isBroken = false): Promise<string> => {
      const shell = agentTool({
        name: 'shell',
        description: 'runs a command',
        parameters: PARAMETERS as never,
        strict: false,
        execute: async (given: unknown) => {
          ran.push(given);
          if (isBroken) throw new Error('the disk is full');
          return 'done';
        },
        ...(withGuardrail && { inputGuardrails: [gateGuardrail(gate)] }),
      });
      const agent = new Agent({ name: 'a', model: modelCalling(input), tools: [guardTool(gate, shell)] });
      const { newItems } = await new Runner().run(agent, 'go');
      return JSON.stringify(newItems.map((item) => item.rawItem));
    };

    it.each([false, true])(
      'invokes what is allowed and settles it (guardrail: %s)',
      async (withGuardrail) => {
        expect(await run(ORDINARY, withGuardrail)).toContain('done');
        expect(ran).toEqual([ORDINARY]);
        expect(await outcomes()).toEqual([['ALLOW', 'succeeded']]);
      },
    );

    it.each([false, true])(
      'tells the model why something is refused (guardrail: %s)',
      async (withGuardrail) => {
        expect(await run(DESTRUCTIVE, withGuardrail)).toMatch(/gate|risk points/);
        expect(ran).toEqual([]);
        expect(await outcomes()).toEqual([['DENY', undefined]]);
      },
    );

    it('settles a tool that failed as failed, and the model reads that it did', async () => {
      expect(await run(ORDINARY, false, true)).toContain('An error occurred');
      expect(ran).toEqual([ORDINARY]);
      expect(await outcomes()).toEqual([['ALLOW', 'failed']]);
    });
  });
});
