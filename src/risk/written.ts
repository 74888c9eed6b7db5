/** Judges texts by where a call puts them: where they run by themselves later, or tell programs another gate. */
import type { Span } from '../domain/assessment.js';
import type { Analysis } from './analysis.js';
import { GATE_SETTINGS } from './catalogue/reach.js';
import { changesElsewhere } from './catalogue/verdicts.js';
import { nestedText } from './excerpt.js';
import type { Standing, Text } from './files.js';
import type { Judgement } from './finding.js';
import { canonicalPath, directoryOf, isKeptOutside, placeOf, resolvePath } from './paths.js';
import { suspect } from './suspicion.js';

/** It sets the variables of the gate, or its name, for programs that start later. */
export const MISSETS: Judgement = {
  ...changesElsewhere('It tells programs of the user another gate, or another key.', {
    tier: 3,
    kind: 'file.write',
    reversible: false,
  }),
  selfProtection: true,
};
/** Settings that are no script. */
const NO_SCRIPT = /\.json$|\/\.(?:gitconfig|git\/config)$/;

interface Written {
  readonly path: string;
  readonly text: Text;
  readonly standing: Standing;
  readonly span: Span;
}

/** Looks at what is written into a file of this machine; most places say nothing. */
export function judgeWritten({ path, text, standing, span }: Written, analysis: Analysis): void {
  if (standing.place !== 'here') return;
  const texts = text.known ? [text] : (text.perhaps ?? [{ ...text, known: true }]);
  if (texts.some((one) => GATE_SETTINGS.test(one.text)) && isKeptOutside(analysis, path, standing.directory))
    analysis.report(MISSETS, { target: `file ${path}`, span });
  if (!/[./]/.test(path) || !runsLater(path, standing, analysis)) return;
  for (const one of texts) {
    suspect(analysis, () =>
      analysis.read('shell', nestedText(one.text, span, ''), { ...standing, names: [] }),
    );
  }
}

function runsLater(path: string, { directory }: Standing, analysis: Analysis): boolean {
  const canonical = canonicalPath(resolvePath(path, directory), directoryOf(analysis));
  return /^(?:hook|startup)$/.test(placeOf(canonical)) && !NO_SCRIPT.test(canonical);
}
