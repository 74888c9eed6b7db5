/** Recognises commands that end the gate or cut it off. */
import { namesPort } from '../address.js';
import type { Analysis } from '../analysis.js';
import {
  CLUSTER_LOOKS,
  CLUSTER_REACH,
  CLUSTERS,
  COMMAND_LINES,
  CONTAINER_REACH,
  CONTAINERS,
  FIREWALLS,
  KILLERS,
  NAME_KILLERS,
  PROCESS_NAMES,
  STOPS,
  SUPERVISORS,
} from '../catalogue/reach.js';
import { removes } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { isGatePid } from '../protection.js';
import type { Argument } from './argument.js';
import type { Invocation } from './invocation.js';

const ENDS: Judgement = {
  ...removes('It may end or cut off the gate itself.', 'code.exec'),
  selfProtection: true,
};
const NAMED = /countersign/i;
const CONTAINER_NAME = /^(?:[\w./-]+=)?(?:[\w.]+\/)?(?:[\w.-]*[_-])?countersign(?:[_-][\w.-]*)?(?::|$)/i;
const PORT_KILLERS = /port|fuser|fkill/;

/** Whether a command may end the gate, remove it, or keep others from it. */
export function ends(invocation: Invocation): Judgement | null {
  const { name, args, analysis, stdin } = invocation;
  const { registry, sought } = analysis;
  const texts = args.map((word) => word.text);
  if (name === 'killall5') return ENDS;
  if (KILLERS.test(name) && !isQuestion(texts)) {
    const unseen = args.some((word) => !word.known) && sought.has('process');
    if (unseen || texts.some((text) => isGatePid(registry, text) || NAMED.test(text))) return ENDS;
    if (PORT_KILLERS.test(name) && texts.some((text) => namesPort(registry, text))) {
      return name !== 'fuser' || texts.some((text) => /^-[a-z]*k|--kill/.test(text)) ? ENDS : null;
    }
  }
  if (NAME_KILLERS.test(name) && meansGate(args)) return ENDS;
  if (/^ip6?tables-restore$/.test(name) && blocks(analysis, [stdin?.text ?? ''])) return ENDS;
  if (FIREWALLS.test(name) && changesFirewall(texts) && blocks(analysis, texts)) return ENDS;
  if (SUPERVISORS.test(name) && texts.some((text) => STOPS.test(text))) {
    return texts.some((text) => NAMED.test(text)) ? ENDS : null;
  }
  if (name === 'ss' && texts.some((text) => /^(?:-[a-zA-Z]*K[a-zA-Z]*|--kill)$/.test(text)))
    return blocks(analysis, texts) || !texts.some((text) => /^\w*port$/.test(text)) ? ENDS : null;
  if (CLUSTERS.test(name)) return reachesWorkload(texts) ? ENDS : null;
  const acts = CONTAINERS.test(name) && texts.some((text) => CONTAINER_REACH.test(text));
  return acts && texts.some((text) => CONTAINER_NAME.test(text)) ? ENDS : null;
}

function reachesWorkload(texts: readonly string[]): boolean {
  if (!texts.some((text) => CLUSTER_REACH.test(text)) || texts.some((text) => CLUSTER_LOOKS.test(text)))
    return false;
  return texts.some((text) => CONTAINER_NAME.test(text));
}

/** `kill -0` and `kill -l` end nothing. */
function isQuestion(texts: readonly string[]): boolean {
  return texts[0] === '-0' || texts[0] === '-l' || texts[0] === '-L';
}

/** A pattern of names, in which the gate's process would be found. */
function meansGate(args: readonly Argument[]): boolean {
  const texts = args.map((word) => word.text);
  const patterns = args.filter(
    ({ text }, index) =>
      !text.startsWith('-') && !/^-[sutgGPU]$|^--(?:signal|user|euid)$/.test(texts[index - 1] ?? ''),
  );
  if (patterns.length === 0) return texts.some((text) => /^-[uU]|^--(?:e?uid|user)/.test(text));
  const whole = texts.some((text) => /^-[a-z]*f|^--full/.test(text));
  const lines = whole ? [...PROCESS_NAMES, ...COMMAND_LINES] : PROCESS_NAMES;
  return patterns.some(({ text }) => lines.some((line) => isFoundIn(text, line)));
}

/** Roughly what a regular expression finds: its plain pieces, in order. */
function isFoundIn(pattern: string, line: string): boolean {
  return pattern
    .toLowerCase()
    .split('|')
    .some((alternative) => {
      const pieces = alternative.replace(/[\^$\\]/g, '').split(/[.*+?()[\]{}]+/);
      let from = 0;
      for (const piece of pieces) {
        const at = line.indexOf(piece, from);
        if (at < 0) return false;
        from = at + piece.length;
      }
      return true;
    });
}

function changesFirewall(texts: readonly string[]): boolean {
  return texts.some((text) =>
    /^(?:-[AIDPRF]|--(?:append|insert|policy|add-\S*|remove-\S*)|add|insert|deny|reject|delete|block|del|flush|down|blackhole|unreachable|prohibit|-f|-e)$/.test(
      text,
    ),
  );
}

function blocks({ registry }: Analysis, texts: readonly string[]): boolean {
  return texts.some(
    (text) => namesPort(registry, text) || /^(?:lo0?|127\.[\d./]+|::1|localhost)$/.test(text),
  );
}
