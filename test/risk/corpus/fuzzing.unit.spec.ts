/** Each extractor is given what nobody would write: it answers, always the same, and nothing hides destruction. */
import fc from 'fast-check';
import { assessRedacted, defaultRegistry, loadParsers, plainProfile } from '../../../src/risk/index.js';
import { assessCall, toolCall } from '../bench.js';
import { LANGUAGES, type Language } from './tokens.js';

/** The same texts in every run; another seed may be tried by hand. */
const SEED = 20_261_123;
const TEXTS_EACH = 80;

beforeAll(loadParsers);

const textOf = ({ tokens }: Language): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...tokens), fc.constantFrom(' ', '', ' ')), { maxLength: 24 })
    .map((pieces) => pieces.flat().join(''));

function judged(language: Language, text: string): string {
  const proposal = toolCall(language.tool, language.inputOf(text));
  return JSON.stringify(assessRedacted(proposal, defaultRegistry(), plainProfile()));
}

describe('any text', () => {
  it.each(LANGUAGES)('of the tokens of $name is answered, twice the same', (language) => {
    fc.assert(
      fc.property(textOf(language), (text) => {
        const { riskPoints, effects } = assessCall(toolCall(language.tool, language.inputOf(text)));
        expect(Number.isSafeInteger(riskPoints) && riskPoints >= 0).toBe(true);
        for (const { span } of effects) expect(span === null || span.start <= span.end).toBe(true);
        expect(judged(language, text)).toBe(judged(language, text));
      }),
      { numRuns: TEXTS_EACH, seed: SEED },
    );
  });
});

describe('whatever follows', () => {
  const destroying = LANGUAGES.filter(({ destruction }) => destruction !== '');

  it.each(destroying)('destruction in $name stays dear', (language) => {
    fc.assert(
      fc.property(textOf(language), (text) => {
        const whole = language.destruction + language.end + text;
        expect(
          assessCall(toolCall(language.tool, language.inputOf(whole))).riskPoints,
        ).toBeGreaterThanOrEqual(50);
      }),
      { numRuns: TEXTS_EACH, seed: SEED },
    );
  });
});
