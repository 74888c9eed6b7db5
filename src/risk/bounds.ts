/** Counters that keep one assessment small, whatever it is given. No clock: the same input, the same answer. */

/** UTF-16 code units of one text; a longer one is not looked into. */
export const TEXT_LENGTH_MAX = 256 * 1024;
const STEPS_MAX = 20_000;
const DEPTH_MAX = 40;
const OPEN_MAX = 1_000;
const FINDINGS_MAX = 500;
/** Words and signs of a grammar's text for each step of who cannot wait: it takes some microseconds for each. */
const TOKENS_PER_STEP = 3;
const TOKEN = /\w+|[^\w\s]/g;

/** Thrown inside the engine when a bound is passed; `assess` turns it into an opaque call. */
export class BoundExceeded extends Error {}

export class Bounds {
  private steps = 0;
  private depth = 0;
  private areStepsUsedUp = false;

  /** @param stepsMax fewer than usual, for who would rather ask again elsewhere than wait */
  constructor(private readonly stepsMax = STEPS_MAX) {}

  /** Whether there were more parts than it may look at; readers may have turned that into a verdict. */
  get isCutShort(): boolean {
    return this.areStepsUsedUp;
  }

  /** Whether who asks would rather ask again elsewhere than wait. */
  private get isBrief(): boolean {
    return this.stepsMax < STEPS_MAX;
  }

  /** Counts one unit of work: a syntax node, a word, a field. */
  step(): void {
    this.steps += 1;
    if (this.steps > this.stepsMax) this.giveUp();
  }

  private giveUp(): never {
    this.areStepsUsedUp = true;
    throw new BoundExceeded('too many parts');
  }

  /** Runs something one level deeper: a shell in a shell, a body in a request. */
  deeper<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw new BoundExceeded('nested too deeply');
    try {
      return work();
    } finally {
      this.depth -= 1;
    }
  }

  checkLength(text: string): void {
    if (text.length > TEXT_LENGTH_MAX) throw new BoundExceeded('text too long');
  }

  /** Parsers take long over brackets in brackets, so a text that opens very many is not given to them. */
  checkNesting(text: string): void {
    if (this.isBrief && opensMoreThan(this.stepsMax, text, /[(){}]/g)) this.giveUp();
    if (opensMoreThan(OPEN_MAX, text, /[()]/g)) throw new BoundExceeded('too many open brackets');
  }

  /** Grammars work before the first step is counted, so who cannot wait gives them no text of very many words. */
  checkTokens(text: string): void {
    const most = this.stepsMax * TOKENS_PER_STEP;
    if (!this.isBrief || text.length <= most) return;
    let count = 0;
    TOKEN.lastIndex = 0;
    while (count <= most && TOKEN.test(text)) count += 1;
    if (count > most) this.giveUp();
  }

  checkFindings(count: number): void {
    if (count > FINDINGS_MAX) throw new BoundExceeded('too many effects');
  }
}

/** Whether more brackets than that are open at once somewhere in a text. */
function opensMoreThan(most: number, text: string, brackets: RegExp): boolean {
  if (text.length <= most) return false;
  let depth = 0;
  for (const [bracket] of text.matchAll(brackets)) {
    depth = '({'.includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
    if (depth > most) return true;
  }
  return false;
}
