/** Counters that keep one assessment small, whatever it is given. No clock: the same input, the same answer. */

/** UTF-16 code units of one text; a longer one is not looked into. */
export const TEXT_LENGTH_MAX = 256 * 1024;
const STEPS_MAX = 20_000;
const DEPTH_MAX = 40;
const OPEN_MAX = 1_000;
const FINDINGS_MAX = 500;

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

  /** Counts one unit of work: a syntax node, a word, a field. */
  step(): void {
    this.steps += 1;
    if (this.steps <= this.stepsMax) return;
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
    if (text.length <= OPEN_MAX) return;
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === '(') depth += 1;
      else if (text[at] === ')') depth = Math.max(0, depth - 1);
      if (depth > OPEN_MAX) throw new BoundExceeded('too many open brackets');
    }
  }

  checkFindings(count: number): void {
    if (count > FINDINGS_MAX) throw new BoundExceeded('too many effects');
  }
}
