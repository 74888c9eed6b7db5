/** The engine's front door: a proposal in, an assessment out, whatever the proposal holds. */
import type { Assessment, Effect, Proposal, Span, WholeCall } from '../domain/assessment.js';
import { Analysis, type Language, type Reader } from './analysis.js';
import { Bounds } from './bounds.js';
import { WORST } from './catalogue/verdicts.js';
import { readCode } from './code/code.js';
import { type Redaction, redact } from './redact.js';
import type { RiskProfile, RiskRegistry } from './registry.js';
import { score } from './score.js';
import { readShell } from './shell/shell.js';
import { readSql } from './sql/sql.js';
import { profileFor } from './tools/own-tool.js';
import { readTool } from './tools/tools.js';
import { RECORDED_BYTES_MAX, SHOWN_BYTES_MAX, truncate } from './truncate.js';

const READERS: Readonly<Record<Language, Reader>> = {
  shell: readShell,
  sql: readSql,
  python: readCode,
  javascript: readCode,
};

/** An assessment whose texts hold no secret, and the call it was made of without its own. */
interface Examined {
  readonly assessment: Assessment;
  readonly redaction: Redaction;
}

/**
 * Judges a proposal. The same proposal, registry and profile always give the same assessment. It never throws:
 * what is out of bounds or cannot be examined counts as the worst it could be, and is marked opaque.
 * `loadParsers` must have finished once in this process; until then SQL is opaque.
 */
export function assess(proposal: Proposal, registry: RiskRegistry, profile: RiskProfile): Assessment {
  return examine(proposal, registry, profile, new Bounds()).assessment;
}

function examine(proposal: Proposal, registry: RiskRegistry, profile: RiskProfile, bounds: Bounds): Examined {
  const analysis = new Analysis(proposal, registry, READERS, bounds);
  try {
    readTool(analysis);
  } catch {
    // A bound was passed or a parser gave up: either way the call cannot be seen, which is the worst verdict.
    analysis.findings.push({
      ...WORST,
      target: `tool ${proposal.tool.name}`,
      span: null,
      broadCredential: false,
      names: [],
      registeredEnvironment: null,
    });
  }
  const atStake = profileFor(registry, proposal.tool, profile);
  const redaction = redact(proposal, analysis.secrets);
  const assessment = redaction.cleaned(score(analysis.findings, proposal, registry, atStake));
  return { assessment, redaction };
}

export interface RecordedAssessment {
  /** Its spans point into the redacted input and files. */
  readonly assessment: Assessment;
  /** The tool input without secrets, at most 16 KiB of JSON. */
  readonly redactedInput: unknown;
  readonly truncated: boolean;
  /** The same of all of a call that was cut, for people who are asked about it; null over 64 KiB, and for what is whole. */
  readonly whole: WholeCall | null;
}

/** Assesses a proposal and prepares what may be recorded of it. */
export function assessRedacted(
  proposal: Proposal,
  registry: RiskRegistry,
  profile: RiskProfile,
): RecordedAssessment {
  return recorded(examine(proposal, registry, profile, new Bounds()));
}

/**
 * The same for whoever cannot wait: null when it would take more than so many parts, some ten microseconds each. The
 * verdict is never another one.
 */
export function assessBriefly(
  proposal: Proposal,
  registry: RiskRegistry,
  profile: RiskProfile,
  stepsMax: number,
): RecordedAssessment | null {
  const bounds = new Bounds(stepsMax);
  const examined = examine(proposal, registry, profile, bounds);
  return bounds.isCutShort ? null : recorded(examined);
}

function recorded(examined: Examined): RecordedAssessment {
  const { redaction } = examined;
  const { value, truncated, kept } = truncate(redaction.input, RECORDED_BYTES_MAX);
  const place = (span: Span): Span | null => {
    const moved = redaction.translate(span);
    const length = kept.get(span.source);
    if (length === undefined) return moved;
    return moved.start >= length ? null : { ...moved, end: Math.min(moved.end, length) };
  };
  const isShown = truncated && !truncate(redaction.input, SHOWN_BYTES_MAX).truncated;
  const whole = isShown
    ? { assessment: placed(examined, redaction.translate), input: redaction.input }
    : null;
  return { assessment: placed(examined, place), redactedInput: value, truncated, whole };
}

/** An assessment whose spans point into what is kept of the input. */
function placed({ assessment }: Examined, place: (span: Span) => Span | null): Assessment {
  const effects = assessment.effects.map(
    (effect): Effect => ({ ...effect, span: effect.span === null ? null : place(effect.span) }),
  );
  return { ...assessment, effects };
}
