/** Asks of a command whether it takes away what keeps the gate standing: its program, or the ground of its hooks. */
import { GATE_SETTINGS, SETS, SETTERS } from '../catalogue/reach.js';
import { changesElsewhere, removes } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { isKeptOutside, isProtected, leadsToHooks } from '../paths.js';
import { mentionsHook } from '../protection.js';
import { MISSETS } from '../written.js';
import type { Invocation } from './invocation.js';

const CHANGES_PROGRAM: Judgement = {
  ...removes('It changes or removes the program of the gate.', 'file.write'),
  selfProtection: true,
};
const COVERS_HOOKS: Judgement = {
  ...removes('It puts something else in the place of the hooks.', 'file.write'),
  selfProtection: true,
};
const UNHOOKS: Judgement = {
  ...changesElsewhere('It starts an agent that the gate would not be asked about.', {
    tier: 3,
    verb: 'execute',
    kind: 'code.exec',
    reversible: false,
  }),
  selfProtection: true,
};

/** Programs that change what their operands name. */
const CHANGERS =
  /^(?:rm|unlink|rmdir|shred|mv|cp|ln|install|chmod|chown|chgrp|chattr|setfacl|truncate|tee|dd|sed|perl|patch|mount|umount|trash|rename|strip|upx)$/;
const SOUGHT =
  /(?:\b(?:which|whereis|where|type\s+-[apP]+|command\s+-[vV]|hash\s+-t)|readlink\b[^)`]*)\s+["']?countersign\b/;
const PACKAGERS =
  /^(?:npm|pnpm|yarn|bun|volta|brew|apt|apt-get|dpkg|dnf|yum|pacman|snap|port|choco|scoop|winget)$/;
const TAKES_AWAY = /^(?:uninstall|remove|rm|un|unlink|r|purge|autoremove|erase|del|delete|link|ln)$/;
const OUR_PACKAGE = /^(?:.*[/:])?countersign(?:@.*)?(?:\.git|\.tgz)?$/i;

/** The package of the gate taken away, or another put in its place for the whole machine. */
function changesPackage({ name, args }: Invocation): boolean {
  if (!PACKAGERS.test(name) || !args.some(({ text }) => OUR_PACKAGE.test(text))) return false;
  const words = args.map(({ text }) => text);
  return words.some(
    (word) => TAKES_AWAY.test(word) || /^(?:-g|--global|--location=global|global)$/.test(word),
  );
}

/** The gate's program as a command finds it: `$(which countersign)`. */
function changesProgram(invocation: Invocation): Judgement | null {
  const { name, args } = invocation;
  if (changesPackage(invocation)) return CHANGES_PROGRAM;
  if (!CHANGERS.test(name)) return null;
  return args.some(({ raw, known }) => !known && SOUGHT.test(raw)) ? CHANGES_PROGRAM : null;
}

const COVERERS = /^(?:ln|mount|umount|bindfs|unionfs|overlay|fuse-overlayfs|unshare)$/;
const UNPACKERS = /^(?:7z\w?|unzip|cpio|unrar|bsdtar|tar|gtar|ditto)$/;
/** Into which folder they unpack, in one word or two. */
const INTO = /^(?:-o|-d|-[a-z]*[DC]|--directory)$/;

/** Something mounted or unpacked over the folder of the hooks. */
function coversHooks({ name, args, analysis, directory, place }: Invocation): Judgement | null {
  if (place !== 'here') return null;
  if (COVERERS.test(name)) {
    return args.some(({ text }) => isProtected(analysis, text, directory, 'move')) ? COVERS_HOOKS : null;
  }
  if (!UNPACKERS.test(name) || /^-?-?[a-z]*c/.test(args[0]?.text ?? '')) return null;
  const words = args.map(({ text }) => text);
  const folders = words.flatMap((word, index) => {
    if (INTO.test(words[index - 1] ?? '')) return [word];
    return /^(?:-[odDC]|-[a-z]*[DC]|--directory=)(.+)$/.exec(word)?.slice(1) ?? [];
  });
  return folders.some((word) => leadsToHooks(analysis, word, directory)) ? COVERS_HOOKS : null;
}

const AGENTS = /^(?:claude|cursor-agent|codex|gemini|copilot|windsurf)$/;
/** Settings of its own, which are others than those with the hooks in them. */
const OWN_SETTINGS =
  /^(?:CLAUDE_CONFIG_DIR|CODEX_HOME|GEMINI_CLI_\w*(?:HOME|SETTINGS|CONFIG)\w*|COPILOT_HOME|XDG_CONFIG_HOME|HOME)$/;
const OWN_SETTINGS_FLAG =
  /^(?:--settings|--setting-sources|--config|--config-dir|--bare|--safe-mode|--disable-hooks|--no-hooks)(?:=|$)|^(?:-c|--config)?=?features\.hooks=|disableAllHooks/;

/** An agent with settings of its own, which has no hooks. */
function unhooks({ name, args, environment }: Invocation): Judgement | null {
  if (!AGENTS.test(name)) return null;
  const moved = [...environment.keys()].some((variable) => OWN_SETTINGS.test(variable));
  return moved || args.some(({ text }) => OWN_SETTINGS_FLAG.test(text)) ? UNHOOKS : null;
}

/** Variables of the gate set for all programs, or changed in a file that they start with. */
function missets({ name, args, analysis, directory, place, stdin }: Invocation): Judgement | null {
  if (SETTERS.test(name)) {
    const sets = name === 'setx' || args.some(({ text }) => SETS.test(text));
    return sets && args.some(({ text }) => /^COUNTERSIGN_/.test(text)) ? MISSETS : null;
  }
  if (place !== 'here' || !CHANGERS.test(name)) return null;
  const says = args.some(({ text }) => GATE_SETTINGS.test(text)) || GATE_SETTINGS.test(stdin?.text ?? '');
  return says && args.some(({ text }) => isKeptOutside(analysis, text, directory)) ? MISSETS : null;
}

/** `git sparse-checkout set '!.cursor'`: the hooks go from the folder without being named as files. */
function leavesOut({ name, args, analysis, directory }: Invocation): Judgement | null {
  if (name !== 'git' || args[0]?.text !== 'sparse-checkout') return null;
  const paths = args.map(({ text }) => text.replace(/^!?\/?/, '')).filter((text) => !/^-/.test(text));
  const without = args.some(({ text }) => text.startsWith('!'));
  return without && paths.some((path) => leadsToHooks(analysis, path.replace(/\/?\*{0,2}$/, ''), directory))
    ? COVERS_HOOKS
    : null;
}

/** A patch that names the hooks, and an editor of streams that writes back. */
function rewrites({ name, args, analysis, directory, stdin }: Invocation): Judgement | null {
  const words = args.map(({ text }) => text);
  const patches = name === 'patch' || (name === 'git' && /^(?:apply|am)$/.test(words[0] ?? ''));
  if (patches && stdin?.known === true && mentionsHook(stdin.text)) return COVERS_HOOKS;
  const inPlace = /^g?awk$/.test(name) && words.includes('inplace');
  return inPlace && words.some((word) => isProtected(analysis, word, directory, 'write'))
    ? COVERS_HOOKS
    : null;
}

/** What a command does to what the gate stands on; null for nothing. */
export function undermines(invocation: Invocation): Judgement | null {
  return (
    changesProgram(invocation) ??
    coversHooks(invocation) ??
    unhooks(invocation) ??
    missets(invocation) ??
    leavesOut(invocation) ??
    rewrites(invocation)
  );
}
