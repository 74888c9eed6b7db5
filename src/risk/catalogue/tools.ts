/** The tools of the known harnesses: which argument is a command, a path or an address. */
import type { RegisteredTool } from './tool.js';

const reads = (names: string, fields: RegisteredTool['fields'] = {}): RegisteredTool[] =>
  names
    .split(' ')
    .map((name) => ({ name, ofHarness: true, fields, readsRest: false, tier: 0, kind: 'file.read' }));
const edits = (names: string): RegisteredTool[] =>
  names.split(' ').map((name) => ({ name, ofHarness: true, fields: WRITTEN, kind: 'file.write' }));

/** Work of the harness itself that a rebuild or version control undoes. */
const runs = (names: string): RegisteredTool[] =>
  names.split(' ').map((name) => ({
    name,
    ofHarness: true,
    fields: WRITTEN,
    readsRest: true,
    tier: 1,
    free: true,
    kind: 'file.write',
  }));

const WRITTEN = {
  path: 'write-path',
  file_path: 'write-path',
  filePath: 'write-path',
  filepath: 'write-path',
  absolute_path: 'write-path',
  target_file: 'write-path',
  TargetFile: 'write-path',
} as const;
const READ = {
  path: 'read-path',
  file_path: 'read-path',
  filePath: 'read-path',
  absolute_path: 'read-path',
  target_file: 'read-path',
  AbsolutePath: 'read-path',
} as const;

const TREE = { path: 'tree-path', target_directory: 'tree-path' } as const;

const command = { command: 'shell', cmd: 'shell', script: 'shell' } as const;

export const KNOWN_TOOLS: readonly RegisteredTool[] = [
  { name: 'Bash', fields: command, kind: 'code.exec' },
  { name: 'Shell', fields: command, kind: 'code.exec' },
  { name: 'local_shell', fields: command, kind: 'code.exec' },
  { name: 'run_terminal_c*', fields: command, kind: 'code.exec' },
  { name: 'run_shell_command', fields: command, kind: 'code.exec' },
  { name: '*terminal*', fields: { ...command, input: 'shell' }, kind: 'code.exec' },
  { name: 'exec_command', fields: command, kind: 'code.exec' },
  { name: 'execute_command', fields: command, kind: 'code.exec' },
  { name: 'run_command', fields: command, kind: 'code.exec' },
  { name: 'BashOutput', tier: 0, kind: 'file.read' },
  { name: 'KillShell', tier: 1, free: true, kind: 'file.write' },
  { name: 'Write', fields: { file_path: 'write-path', path: 'write-path' }, kind: 'file.write' },
  { name: 'Edit', fields: { file_path: 'write-path', path: 'write-path' }, kind: 'file.write' },
  { name: 'MultiEdit', fields: { file_path: 'write-path' }, kind: 'file.write' },
  { name: 'StrReplace', fields: { file_path: 'write-path', path: 'write-path' }, kind: 'file.write' },
  { name: 'str_replace*', fields: { path: 'write-path', file_path: 'write-path' }, kind: 'file.write' },
  { name: 'search_replace', fields: { file_path: 'write-path' }, kind: 'file.write' },
  {
    name: 'edit_file',
    fields: { target_file: 'write-path', file_path: 'write-path', path: 'write-path' },
    kind: 'file.write',
  },
  { name: 'write_file', fields: { file_path: 'write-path', path: 'write-path' }, kind: 'file.write' },
  { name: 'NotebookEdit', fields: { notebook_path: 'write-path' }, kind: 'file.write' },
  {
    name: 'apply_patch',
    fields: { input: 'patch', patch: 'patch', text: 'patch' },
    kind: 'file.write',
    tier: 1,
    free: true,
  },
  {
    name: 'Delete',
    fields: { file_path: 'delete-path', path: 'delete-path', target_file: 'delete-path' },
    kind: 'file.delete',
  },
  {
    name: 'delete_file',
    fields: { file_path: 'delete-path', path: 'delete-path', target_file: 'delete-path' },
    kind: 'file.delete',
  },
  {
    name: 'Read',
    fields: { file_path: 'read-path', path: 'read-path', target_file: 'read-path' },
    kind: 'file.read',
  },
  {
    name: 'read_file',
    fields: READ,
    kind: 'file.read',
  },
  { name: 'NotebookRead', fields: { notebook_path: 'read-path' }, kind: 'file.read' },
  { name: 'Grep', fields: { path: 'tree-path' }, tier: 0, kind: 'file.read' },
  { name: 'Glob', fields: { path: 'read-path', pattern: 'name-pattern' }, tier: 0, kind: 'file.read' },
  { name: 'LS', fields: { path: 'read-path' }, tier: 0, kind: 'file.read' },
  { name: 'list_dir*', tier: 0, kind: 'file.read' },
  { name: 'codebase_search', tier: 0, kind: 'file.read' },
  { name: 'WebFetch', fields: { url: 'url' }, kind: 'http.get' },
  { name: 'WebSearch', tier: 0, kind: 'web.search' },
  { name: 'TodoWrite', tier: 0, kind: 'reasoning.plan' },
  { name: 'TodoRead', tier: 0, kind: 'reasoning.plan' },
  { name: 'ExitPlanMode', tier: 0, kind: 'reasoning.plan' },
  ...reads('read_file view view_file view_code_item view_line_range read_many_files open_file', READ),
  ...reads(
    'grep_search file_search search_file_content find_by_name list_directory list_files search_files glob',
    {
      path: 'tree-path',
    },
  ),
  ...reads('web_search google_web_search fetch_webpage web_fetch read_url_content search_web'),
  ...reads('read_lints get_errors list_code_definition_names list_code_usages semantic_search test_search'),
  ...reads('get_changed_files get_project_setup_info get_terminal_output read_terminal command_status'),
  ...reads(
    'AskUserQuestion ask_followup_question ask_user update_plan write_todos manage_todo_list todo_write',
  ),
  ...reads(
    'attempt_completion think EnterPlanMode ListMcpResourcesTool ReadMcpResourceTool report_intent Skill',
  ),
  ...reads(
    'TaskCreate TaskUpdate TaskList TaskGet TaskOutput TaskStop AgentOutputTool bash_output KillBash kill_bash',
  ),
  ...reads(
    'exit_plan_mode enter_plan_mode create_plan ask_question ask_questions switch_mode new_task fetch_rules',
  ),
  ...reads(
    'save_memory update_memory create_memory memory_search create_diagram renderMermaidDiagram suggested_responses',
  ),
  ...reads(
    'glob_file_search search_symbols go_to_definition find_references search_codebase searchCodebase',
    TREE,
  ),
  ...reads(
    'view_image view_content_chunk copilot_getNotebookSummary read_notebook_cell_output read_project_structure',
    READ,
  ),
  ...reads(
    'LSP ListMcpResources ReadMcpResource list_mcp_resources read_mcp_resource list_mcp_resource_templates ToolSearch',
  ),
  ...reads(
    'sequentialthinking get_diagnostics getDiagnostics mcp__ide__getDiagnostics diagnostics get_search_view_results',
  ),
  ...reads(
    'vscode_listCodeUsages get_vscode_api github_repo test_failure trajectory_search get_task_output get_terminal_last_command',
  ),
  ...reads(
    'vscode_searchExtensions_internal vscode_searchExtensions terminal_selection terminal_last_command summarize usages',
  ),
  ...reads(
    'activate_skill use_skill read_skill load_skill list_skills SendUserMessage StructuredOutput Sleep wait wait_agent',
  ),
  ...reads(
    'finish complete_task submit_result respond_to_user message_notify_user message_ask_user notify_user',
  ),
  ...runs(
    'runTests run_tests runTest run_test run_task create_and_run_task run_vs_code_task run_notebook_cell reapply undo_edit',
  ),
  ...runs(
    'create_directory open_simple_browser create_new_jupyter_notebook create_new_workspace install_extension',
  ),
  { name: 'fetch', ofHarness: true, fields: { url: 'url' }, kind: 'http.get' },
  ...edits('create_file insert_edit_into_file replace_string_in_file multi_replace_string_in_file'),
  ...edits('write_to_file replace_in_file apply_diff replace create edit insert_content create_new_file'),
  ...edits('edit_existing_file edit_notebook_file write_code replace_file_content'),
  { name: 'Task', tier: 1, free: true, kind: 'agent.spawn' },
  { name: 'Agent', tier: 1, free: true, kind: 'agent.spawn' },
];
