/** Windsurf's hooks before and after a command, an MCP call, a read and an edit: they can block, and nothing else. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import {
  blocking,
  carriesCall,
  type FinishedCall,
  type Harness,
  type HookEvent,
  inputOf,
  type PendingCall,
  requiredText,
  SILENCE,
  UnreadableEvent,
} from './harness.js';

export const windsurf: Harness = {
  name: 'windsurf',
  patienceMs: 0,
  eventField: 'agent_action_name',
  read(payload) {
    const event = textOf(payload, 'agent_action_name');
    const read = event === null ? undefined : ACTIONS[event];
    if (read !== undefined) return read(payload);
    if (event === null || /^pre_(?!user_prompt$)/.test(event) || carriesCall(payload)) {
      throw new UnreadableEvent(`The hook does not know Windsurf’s event ${event ?? '(none)'}.`);
    }
    return { kind: 'notice' };
  },
  allow: () => SILENCE,
  deny: (sentence) => blocking(sentence),
  noted: SILENCE,
};

type Tool = PendingCall['tool'];

const before =
  (toolOf: (info: JsonRecord) => Tool) =>
  (payload: JsonRecord): HookEvent => {
    const info = recordOf(payload, 'tool_info');
    if (info === null) throw new UnreadableEvent('Windsurf’s event says nothing about the tool.');
    const tool = toolOf(info);
    return {
      kind: 'before',
      call: {
        sessionId: requiredText(payload, ['trajectory_id'], 'Windsurf’s event names no trajectory.'),
        tool,
        cwd: textOf(info, 'cwd'),
        command: textOf(info, 'command_line'),
        callId: null,
        memo: memoOf(payload, tool),
      },
    };
  };

const after =
  (toolOf: (info: JsonRecord) => Tool) =>
  (payload: JsonRecord): HookEvent => {
    const info = recordOf(payload, 'tool_info') ?? {};
    return { kind: 'after', call: finished(memoOf(payload, toolOf(info)), info) };
  };

const shell = (info: JsonRecord): Tool => ({
  name: 'Shell',
  server: null,
  input: { command: requiredText(info, ['command_line'], 'Windsurf’s event names no command.') },
});
const mcp = (info: JsonRecord): Tool => ({
  name: requiredText(info, ['mcp_tool_name'], 'Windsurf’s event names no tool.'),
  server: textOf(info, 'mcp_server_name') ?? 'unknown',
  input: inputOf(info['mcp_tool_arguments'], 'Windsurf'),
});
const path = (info: JsonRecord): string =>
  requiredText(info, ['file_path'], 'Windsurf’s event names no file.');
const write = (info: JsonRecord): Tool => ({
  name: 'Edit',
  server: null,
  input: { file_path: path(info), edits: info['edits'] ?? [] },
});
const read = (info: JsonRecord): Tool => ({ name: 'Read', server: null, input: { file_path: path(info) } });

const ACTIONS: Readonly<Record<string, (payload: JsonRecord) => HookEvent>> = {
  pre_run_command: before(shell),
  pre_mcp_tool_use: before(mcp),
  pre_write_code: before(write),
  pre_read_code: before(read),
  post_run_command: after(shell),
  post_mcp_tool_use: after(mcp),
  post_write_code: after(write),
  post_read_code: after(read),
};

/** Windsurf gives calls no id: the trajectory and the call itself stand for one. */
const memoOf = (payload: JsonRecord, { name, server, input }: Tool): string =>
  ['call', textOf(payload, 'trajectory_id') ?? '', server ?? '', name, JSON.stringify(input)].join('\n');

/** It tells what an MCP call returned, and of a command not how it ended. */
function finished(memo: string, info: JsonRecord): FinishedCall {
  const result = info['mcp_result'];
  const output = typeof result === 'string' ? result : result === undefined ? null : JSON.stringify(result);
  const hasFailed = isRecord(result) && result['isError'] === true;
  const status = hasFailed ? 'failed' : output === null ? 'unknown' : 'succeeded';
  return { memo, status, exitCode: null, error: null, output };
}
