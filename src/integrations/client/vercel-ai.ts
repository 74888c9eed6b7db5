/** The gate in front of the tools of the Vercel AI SDK (`ai` 7). */

import type { ToolSet } from 'ai';
import { Refused } from './errors.js';
import type { Gate } from './guard.js';

type Execute = (input: unknown, options: ExecutionOptions) => unknown;
interface ExecutionOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * The same tools, each of which asks the gate before it executes and reports what came of it. A refusal is the
 * tool's error, which the model reads. Tools that the SDK does not execute are as they were: gate them with
 * `toolApproval`.
 */
export function guardTools<Tools extends ToolSet>(gate: Gate, tools: Tools): Tools {
  const guarded = Object.entries(tools).map(([name, tool]) => {
    const { execute } = tool as { execute?: Execute };
    if (execute === undefined) return [name, tool];
    const guardedExecute: Execute = (input, options) =>
      gate.guard(name, async () => finished(execute.call(tool, input, options)))(input, callOf(options));
    return [name, { ...tool, execute: guardedExecute }];
  });
  return Object.fromEntries(guarded) as Tools;
}

/** A tool may answer in steps, the last of which is its result. */
async function finished(result: unknown): Promise<unknown> {
  const awaited = await result;
  if (typeof awaited !== 'object' || awaited === null || !(Symbol.asyncIterator in awaited)) return awaited;
  let last: unknown;
  for await (const step of awaited as AsyncIterable<unknown>) last = step;
  return last;
}

/** The SDK's id of a call is its idempotency key: approval and execution of one call are one call to the gate. */
const callOf = ({ toolCallId, abortSignal }: ExecutionOptions) => ({
  idempotencyKey: toolCallId,
  ...(abortSignal !== undefined && { signal: abortSignal }),
});

/**
 * For `toolApproval`: the SDK is told of a refusal before it executes anything. Use it together with `guardTools`,
 * which settles what was allowed; alone it suits tools that are executed elsewhere.
 */
export function toolApproval(gate: Gate) {
  return async ({
    toolCall,
  }: {
    readonly toolCall: { readonly toolName: string; readonly toolCallId: string; readonly input?: unknown };
  }): Promise<'not-applicable' | { readonly type: 'denied'; readonly reason: string }> => {
    try {
      await gate.submit(toolCall.toolName, toolCall.input, { idempotencyKey: toolCall.toolCallId });
      return 'not-applicable';
    } catch (error) {
      // Whatever stands in the way, the answer is no.
      return { type: 'denied', reason: error instanceof Refused ? error.message : String(error) };
    }
  };
}
