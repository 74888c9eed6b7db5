/** Where harnesses keep the hooks and settings that put the gate in front of their calls. */

/** Files, by the end of their path or by their folder in the system; in lower case and with slashes. */
export const HOOK_FILES =
  /(?:^|\/)(?:countersign\/(?:hooks|installed)\.json|\.cursor\/hooks\.json|\.claude\/(?:settings(?:\.local)?|managed-settings)\.json|\.codex\/(?:hooks\.json|config\.toml)|\.gemini\/settings\.json|\.windsurf\/hooks\.json|\.codeium\/windsurf\/hooks\.json|\.github\/hooks\/[^/]*\.json)$|^\/etc\/(?:cursor|claude-code|codex|gemini-cli|windsurf)(?:\/|$)|^\/library\/application support\/(?:claudecode|cursor|geminicli|windsurf)(?:\/|$)|(?:^|\/)programdata\/(?:claudecode|cursor|gemini-cli|windsurf|countersign)(?:\/|$)/;

/** Folders with which the hooks go, or under which others come in their place. */
export const HOOK_FOLDERS =
  /(?:^|\/)\.(?:cursor|claude|codex|gemini|windsurf|codeium)(?:\/windsurf)?(?:\/\*{1,2})?$|(?:^|\/)\.github\/hooks(?:\/\*{1,2})?$/;

/** The same files below a project or a home folder, for wildcards to be tried on. */
export const HOOK_PATHS: readonly string[] = [
  '.cursor/hooks.json',
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.codex/hooks.json',
  '.codex/config.toml',
  '.gemini/settings.json',
  '.windsurf/hooks.json',
  '.codeium/windsurf/hooks.json',
  '.github/hooks/countersign.json',
];

/** The program of the gate, wherever packages put programs. */
export const GATE_PROGRAM_FILE =
  /(?:^|\/)\.?bin\/countersign(?:\.(?:cmd|ps1|js))?$|(?:^|\/)(?:lib\/)?node_modules\/countersign(?:\/|$)|\/(?:systemd\/(?:user|system)|launchagents|launchdaemons|init\.d)\/[\w.-]*countersign[\w.-]*$/;
