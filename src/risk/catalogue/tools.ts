/** The tools of the known harnesses: which argument is a command, a path or an address. */
import type { RegisteredTool } from './tool.js';

const command = { command: 'shell', cmd: 'shell', script: 'shell' } as const;

export const KNOWN_TOOLS: readonly RegisteredTool[] = [
  { name: 'Bash', fields: command, kind: 'code.exec' },
  { name: 'Shell', fields: command, kind: 'code.exec' },
  { name: 'local_shell', fields: command, kind: 'code.exec' },
  { name: 'run_terminal_c*', fields: command, kind: 'code.exec' },
  { name: 'run_shell_command', fields: command, kind: 'code.exec' },
  {
    name: '*terminal*',
    fields: { ...command, input: 'shell' },
    kind: 'code.exec',
  },
  { name: 'exec_command', fields: command, kind: 'code.exec' },
  { name: 'execute_command', fields: command, kind: 'code.exec' },
  { name: 'run_command', fields: command, kind: 'code.exec' },
  { name: 'BashOutput', tier: 0, kind: 'file.read' },
  { name: 'KillShell', tier: 1, free: true, kind: 'file.write' },
  {
    name: 'Write',
    fields: { file_path: 'write-path', path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'Edit',
    fields: { file_path: 'write-path', path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'MultiEdit',
    fields: { file_path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'StrReplace',
    fields: { file_path: 'write-path', path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'str_replace*',
    fields: { path: 'write-path', file_path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'search_replace',
    fields: { file_path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'edit_file',
    fields: {
      target_file: 'write-path',
      file_path: 'write-path',
      path: 'write-path',
    },
    kind: 'file.write',
  },
  {
    name: 'write_file',
    fields: { file_path: 'write-path', path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'NotebookEdit',
    fields: { notebook_path: 'write-path' },
    kind: 'file.write',
  },
  {
    name: 'apply_patch',
    fields: { input: 'patch', patch: 'patch', text: 'patch' },
    kind: 'file.write',
    tier: 1,
    free: true,
  },
  {
    name: 'Delete',
    fields: {
      file_path: 'delete-path',
      path: 'delete-path',
      target_file: 'delete-path',
    },
    kind: 'file.delete',
  },
  {
    name: 'delete_file',
    fields: {
      file_path: 'delete-path',
      path: 'delete-path',
      target_file: 'delete-path',
    },
    kind: 'file.delete',
  },
  {
    name: 'Read',
    fields: {
      file_path: 'read-path',
      path: 'read-path',
      target_file: 'read-path',
    },
    kind: 'file.read',
  },
  {
    name: 'read_file',
    fields: {
      file_path: 'read-path',
      path: 'read-path',
      target_file: 'read-path',
    },
    kind: 'file.read',
  },
  {
    name: 'NotebookRead',
    fields: { notebook_path: 'read-path' },
    kind: 'file.read',
  },
  { name: 'Grep', fields: { path: 'read-path' }, tier: 0, kind: 'file.read' },
  { name: 'Glob', fields: { path: 'read-path' }, tier: 0, kind: 'file.read' },
  { name: 'LS', fields: { path: 'read-path' }, tier: 0, kind: 'file.read' },
  { name: 'list_dir*', tier: 0, kind: 'file.read' },
  { name: 'codebase_search', tier: 0, kind: 'file.read' },
  { name: 'WebFetch', fields: { url: 'url' }, kind: 'http.get' },
  { name: 'WebSearch', tier: 0, kind: 'web.search' },
  { name: 'TodoWrite', tier: 0, kind: 'reasoning.plan' },
  { name: 'TodoRead', tier: 0, kind: 'reasoning.plan' },
  { name: 'ExitPlanMode', tier: 0, kind: 'reasoning.plan' },
  { name: 'Task', tier: 1, kind: 'agent.spawn' },
  { name: 'Agent', tier: 1, kind: 'agent.spawn' },
];
