/** The gate in front of the function tools of OpenAI Agents JS (`@openai/agents`). */

import type { FunctionTool, ToolInputGuardrailDefinition } from '@openai/agents';
import { GateUnavailable, Refused } from './errors.js';
import type { Gate } from './guard.js';

/** What the model reads of a tool that threw, unless the tool has an `errorFunction`; some versions add the error. */
const FAILURE = 'An error occurred while running the tool. Please try again.';

/** A failure that the SDK has already put into words. */
class ToolFailure extends Error {
  constructor(readonly output: string) {
    super(output);
  }
}

/**
 * The same tool, which asks the gate before it is invoked and reports what came of it. A refusal is the tool's
 * output: one sentence, which the model reads. A tool with an `errorFunction` of its own hides its failures from
 * the report.
 */
export function guardTool<Context, Parameters extends FunctionTool['parameters'], Result>(
  gate: Gate,
  tool: FunctionTool<Context, Parameters, Result>,
): FunctionTool<Context, Parameters, Result> {
  const { invoke } = tool;
  return {
    ...tool,
    invoke: async (context, input, details) => {
      const guarded = gate.guard(tool.name, async () => {
        const output = await invoke(context, input, details);
        if (typeof output === 'string' && output.startsWith(FAILURE)) throw new ToolFailure(output);
        return output;
      });
      const callId = details?.toolCall?.callId;
      try {
        return await guarded(argumentsOf(input), {
          ...(callId !== undefined && { idempotencyKey: callId }),
          ...(details?.signal !== undefined && { signal: details.signal }),
        });
      } catch (error) {
        if (error instanceof ToolFailure) return error.output as Result;
        if (error instanceof Refused || error instanceof GateUnavailable) return error.message;
        throw error;
      }
    },
  };
}

/**
 * For `inputGuardrails`: the run is told of a refusal before the tool is invoked. Use it together with `guardTool`,
 * which settles what was allowed.
 */
export function gateGuardrail<Context>(gate: Gate): ToolInputGuardrailDefinition<Context> {
  return {
    type: 'tool_input',
    name: 'countersign',
    run: async ({ toolCall }) => {
      try {
        const call = { idempotencyKey: toolCall.callId };
        const { toolCallId } = await gate.submit(toolCall.name, argumentsOf(toolCall.arguments), call);
        return { behavior: { type: 'allow' }, outputInfo: { toolCallId } };
      } catch (error) {
        // Whatever stands in the way, the answer is no.
        const message = error instanceof Refused ? error.message : String(error);
        return { behavior: { type: 'rejectContent', message } };
      }
    },
  };
}

/** Arguments come as a JSON text; what is none is assessed as the text that it is. */
function argumentsOf(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return { input };
  }
}
