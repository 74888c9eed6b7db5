/** A shell command as a harness would ask about it, to see whether an installed hook lets it pass or blocks it. */

/** What is asked about; nothing of it ever runs. */
export const HARMLESS = 'git status';
export const DESTRUCTIVE = 'rm -rf /';

type Probe = (command: string, session: string, cwd: string) => object;

const claudeLike: Probe = (command, session, cwd) => ({
  session_id: session,
  cwd,
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command },
});

/** By the harness's name. */
export const PROBES: Readonly<Record<string, Probe>> = {
  'claude-code': claudeLike,
  codex: claudeLike,
  copilot: (command, session, cwd) => ({
    sessionId: session,
    timestamp: 0,
    cwd,
    toolName: 'bash',
    toolArgs: { command },
  }),
  cursor: (command, session, cwd) => ({
    conversation_id: session,
    generation_id: session,
    hook_event_name: 'beforeShellExecution',
    workspace_roots: [cwd],
    command,
    cwd,
  }),
  gemini: (command, session, cwd) => ({
    session_id: session,
    cwd,
    hook_event_name: 'BeforeTool',
    tool_name: 'run_shell_command',
    tool_input: { command },
  }),
  windsurf: (command, session, cwd) => ({
    agent_action_name: 'pre_run_command',
    trajectory_id: session,
    execution_id: session,
    tool_info: { command_line: command, cwd },
  }),
};
