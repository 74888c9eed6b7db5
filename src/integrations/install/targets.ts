/** Where each harness keeps its hooks, and what has to stand there so that a hook that fails blocks. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { HARNESS_PATIENCE_MS } from '../harnesses/harness.js';

/** Whose harness it is: everybody's on the machine, one person's, or one project's. */
export type Scope = 'machine' | 'user' | 'project';

/** The machine as an installation sees it. */
export interface Site {
  /** What absolute paths begin with; empty but for tests. */
  readonly root: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** The project's folder. */
  readonly project: string;
}

/** One entry below `hooks.<event>`. */
export interface HookEntry {
  readonly event: string;
  readonly entry: object;
}

/** A harness as it is installed. */
export interface Target {
  readonly name: string;
  readonly title: string;
  /** The file of its hooks for each scope that it knows. */
  readonly files: Partial<Readonly<Record<Scope, (site: Site) => string>>>;
  readonly defaultScope: Scope;
  /** What a file that is not there yet begins as. */
  readonly blank: object;
  /** @param run the command line of the hook, `block` the same so that every failure of it blocks */
  entries(run: string, block: string): readonly HookEntry[];
  /** A field of its file that, set to true, keeps it from running any hook. */
  readonly offSwitch?: string;
  /** A switch without which the harness runs no hooks: a line of a table in a TOML file. */
  readonly feature?: (site: Site) => { readonly path: string; readonly table: string; readonly line: string };
}

export const thisSite = (project: string): Site => ({
  root: '',
  home: homedir(),
  platform: process.platform,
  project,
});

/** Seconds that a harness waits for the hook; the hook itself gives up on the gate before. */
export const PATIENCE_S = HARNESS_PATIENCE_MS / 1000;
const AFTER_S = 30;

/** A folder for the whole machine, by the name that each platform gives it. */
const machine =
  (linux: string, mac: string, windows: string, file: string) =>
  ({ root, platform }: Site): string => {
    if (platform === 'win32') return join(root, 'C:\\ProgramData', windows, file);
    return platform === 'darwin'
      ? join(root, '/', 'Library', 'Application Support', mac, file)
      : join(root, '/', 'etc', linux, file);
  };
const below =
  (...parts: readonly string[]) =>
  ({ home }: Site): string =>
    join(home, ...parts);
const inProject =
  (...parts: readonly string[]) =>
  ({ project }: Site): string =>
    join(project, ...parts);

const matched = (event: string, hook: object): HookEntry => ({
  event,
  entry: { matcher: '*', hooks: [{ type: 'command', ...hook }] },
});

const claudeCode: Target = {
  name: 'claude-code',
  title: 'Claude Code',
  files: {
    machine: machine('claude-code', 'ClaudeCode', 'ClaudeCode', 'managed-settings.json'),
    user: below('.claude', 'settings.json'),
    project: inProject('.claude', 'settings.json'),
  },
  defaultScope: 'user',
  blank: {},
  offSwitch: 'disableAllHooks',
  entries: (run, block) => [
    matched('PreToolUse', { command: block, timeout: PATIENCE_S, onFailure: 'block' }),
    matched('PostToolUse', { command: run, timeout: AFTER_S }),
    matched('PostToolUseFailure', { command: run, timeout: AFTER_S }),
  ],
};

const codex: Target = {
  name: 'codex',
  title: 'Codex CLI',
  files: { user: below('.codex', 'hooks.json'), project: inProject('.codex', 'hooks.json') },
  defaultScope: 'user',
  blank: {},
  entries: (run, block) => [
    matched('PreToolUse', { command: block, timeout: PATIENCE_S }),
    matched('PostToolUse', { command: run, timeout: AFTER_S }),
  ],
  feature: ({ home }) => ({
    path: join(home, '.codex', 'config.toml'),
    table: 'features',
    line: 'hooks = true',
  }),
};

/** PowerShell runs a quoted path only after `&`, and older ones know no `||`. */
const inPowerShell = (run: string): string => `& ${run}; if ($LASTEXITCODE -ne 0) { exit 2 }`;

const copilot: Target = {
  name: 'copilot',
  title: 'Copilot CLI',
  files: { project: inProject('.github', 'hooks', 'countersign.json') },
  defaultScope: 'project',
  blank: { version: 1 },
  entries: (run, block) => [
    {
      event: 'preToolUse',
      entry: { type: 'command', bash: block, powershell: inPowerShell(run), timeoutSec: PATIENCE_S },
    },
    {
      event: 'postToolUse',
      entry: { type: 'command', bash: run, powershell: `& ${run}`, timeoutSec: AFTER_S },
    },
  ],
};

/** Its events for shell and MCP, and not `preToolUse` as well: both fire, and a call would count twice. */
const cursor: Target = {
  name: 'cursor',
  title: 'Cursor',
  files: {
    machine: machine('cursor', 'Cursor', 'Cursor', 'hooks.json'),
    user: below('.cursor', 'hooks.json'),
    project: inProject('.cursor', 'hooks.json'),
  },
  defaultScope: 'user',
  blank: { version: 1 },
  // An exit code beside a printed answer is not what it expects: it blocks by itself.
  entries: (run) => [
    { event: 'beforeShellExecution', entry: { command: run, timeout: PATIENCE_S, failClosed: true } },
    { event: 'beforeMCPExecution', entry: { command: run, timeout: PATIENCE_S, failClosed: true } },
    { event: 'afterShellExecution', entry: { command: run } },
    { event: 'afterMCPExecution', entry: { command: run } },
  ],
};

const gemini: Target = {
  name: 'gemini',
  title: 'Gemini CLI',
  files: {
    machine: machine('gemini-cli', 'GeminiCli', 'gemini-cli', 'settings.json'),
    user: below('.gemini', 'settings.json'),
    project: inProject('.gemini', 'settings.json'),
  },
  defaultScope: 'user',
  blank: {},
  entries: (run, block) => [
    matched('BeforeTool', { name: 'countersign', command: block, timeout: PATIENCE_S * 1000 }),
    matched('AfterTool', { name: 'countersign', command: run, timeout: AFTER_S * 1000 }),
  ],
};

const windsurf: Target = {
  name: 'windsurf',
  title: 'Windsurf',
  files: {
    machine: machine('windsurf', 'Windsurf', 'Windsurf', 'hooks.json'),
    user: below('.codeium', 'windsurf', 'hooks.json'),
    project: inProject('.windsurf', 'hooks.json'),
  },
  defaultScope: 'user',
  blank: {},
  entries: (run, block) => [
    ...['pre_run_command', 'pre_mcp_tool_use', 'pre_write_code', 'pre_read_code'].map((event) => ({
      event,
      entry: { command: block, show_output: true },
    })),
    ...['post_run_command', 'post_mcp_tool_use', 'post_write_code', 'post_read_code'].map((event) => ({
      event,
      entry: { command: run, show_output: false },
    })),
  ],
};

export const TARGETS: readonly Target[] = [claudeCode, codex, copilot, cursor, gemini, windsurf];

export const targetNamed = (name: string): Target | null =>
  TARGETS.find((target) => target.name === name) ?? null;
