/** Finds `>(…)`: commands that are fed what another one is given or prints. */
import type { Command, ParsedScript, Redirection } from 'unbash';

/** The scripts among the words of a command. */
export function receiversOf({ args }: Command): readonly ParsedScript[] {
  const found: ParsedScript[] = [];
  for (const word of args) {
    if (word.type !== 'Word' || word.parts === undefined || !word.text.includes('>(')) continue;
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
