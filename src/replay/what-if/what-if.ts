/**
 * What a draft would have decided differently in a past period. Two worlds go on from the period's beginning, one
 * as it was and one with the draft in force; every request that was recorded is decided in both. Where the world
 * without the draft does not come to what is recorded, nothing is said about the request. Nothing is written.
 */

import type { Approver } from '../../domain/approval-rules.js';
import type { Assessment } from '../../domain/assessment.js';
import type { Command, SubmitToolCall } from '../../domain/commands.js';
import type { Decided, RecordedEvent } from '../../domain/events.js';
import { evolve } from '../../domain/evolve.js';
import type { TenantId } from '../../domain/ids.js';
import type { Refusal } from '../../domain/refusals.js';
import { initialState } from '../../domain/state.js';
import { deserializeState, serializeState } from '../../domain/state-codec.js';
import type { Assessor } from '../../ports/assessor.port.js';
import { atMsOf, breath, type LedgerSource, readSlices } from '../stream.js';
import { type Draft, isAboutScores, isStoodInFor, putInForce } from './draft.js';
import { takenFrom } from './requests.js';
import { isSame, type Verdict, verdictIn, verdictOf } from './verdict.js';
import { World } from './world.js';

export interface WhatIfRequest {
  readonly tenantId: TenantId;
  /** From this moment on, up to, not including, the other; ms since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly draft: Draft;
  /** The people who may answer questions, as they are now. */
  readonly approvers: readonly Approver[];
}

/** One request that would have been decided differently. */
export interface Difference {
  readonly kind: 'difference';
  readonly event: RecordedEvent;
  readonly before: Verdict;
  readonly after: Verdict;
  /** What it was scored with and would have been; null where the draft is not about scores. */
  readonly scored: { readonly before: Assessment; readonly after: Assessment } | null;
}

export interface Totals {
  /** Decisions that were looked at again. */
  readonly decisions: number;
  /** Of them, those that the rules of then do not lead to again, so that nothing is said about them. */
  readonly notReproduced: number;
  /** Further refusals that are recorded as a number only, and are not decided again. */
  readonly repeats: number;
  /** Tool calls that could not be scored anew from what is recorded of them, and kept their score. */
  readonly notReread: number;
  /** Would have been decided differently, preflights included. */
  readonly different: number;
  /** Ran, and would have been refused. */
  readonly refusedThatRan: number;
  /** Were refused, and would have been allowed. */
  readonly allowedThatWereRefused: number;
  /** People would have been asked about them, who were not. */
  readonly asked: number;
  /** People were asked about them, who would not have been. */
  readonly noLongerAsked: number;
  /** Were allowed and would have been, with other limits. */
  readonly otherCaps: number;
}

export type WhatIfStep =
  /** Reading what came before the period, then deciding what is in it. */
  | {
      readonly kind: 'progress';
      readonly phase: 'reading' | 'deciding';
      readonly revision: number;
      readonly atMs: number;
      readonly decisions: number;
    }
  | Difference
  /** The draft could not have been in force then. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'total'; readonly totals: Totals };

/** Events between two reports of progress, and between two pauses in which others have their turn. */
const PROGRESS_EVENTS = 2_000;
const EVENTS_AT_ONCE = 16;

/**
 * @param assessor scores calls anew, where the draft is about scores
 * @throws AssertionError when the stream contradicts itself, and whatever the source throws
 */
export async function* whatIf(
  source: LedgerSource,
  request: WhatIfRequest,
  assessor: Pick<Assessor, 'assess'>,
): AsyncGenerator<WhatIfStep> {
  const { tenantId, fromMs, untilMs, draft } = request;
  const before = initialState();
  let worlds: Worlds | null = null;
  let count = 0;
  for await (const slice of readSlices(source, { tenantId, revision: 0 })) {
    for (const event of slice) {
      const atMs = atMsOf(event);
      if (atMs >= untilMs) return yield { kind: 'total', totals: totalsOf(worlds) };
      // Before a tenant there is nothing that a draft could be in force over.
      if (atMs < fromMs || before.tenant === null) evolve(before, event, atMs);
      else {
        if (worlds === null) {
          worlds = new Worlds(new World(before), request, assessor);
          const refusal = putInForce(worlds.drafted, draft, fromMs);
          if (refusal !== null) return yield { kind: 'refused', refusal };
        }
        const difference = await worlds.take(event, atMs);
        if (difference !== null) yield difference;
        if (count % EVENTS_AT_ONCE === 0) await breath();
      }
      count += 1;
      if (count % PROGRESS_EVENTS === 0) {
        const decisions = worlds?.totals.decisions ?? 0;
        const phase = worlds === null ? 'reading' : 'deciding';
        yield { kind: 'progress', phase, revision: event.revision, atMs, decisions };
      }
    }
  }
  yield { kind: 'total', totals: totalsOf(worlds) };
}

const NOTHING: Totals = {
  decisions: 0,
  notReproduced: 0,
  repeats: 0,
  notReread: 0,
  different: 0,
  refusedThatRan: 0,
  allowedThatWereRefused: 0,
  asked: 0,
  noLongerAsked: 0,
  otherCaps: 0,
};

const totalsOf = (worlds: Worlds | null): Totals => worlds?.totals ?? NOTHING;

/** The world as it was, and the one with the draft in force. */
class Worlds {
  readonly drafted: World;
  readonly totals: { -readonly [Name in keyof Totals]: number } = { ...NOTHING };
  private readonly approvers: Map<string, Approver>;

  constructor(
    private readonly asItWas: World,
    private readonly request: WhatIfRequest,
    private readonly assessor: Pick<Assessor, 'assess'>,
  ) {
    this.drafted = new World(deserializeState(serializeState(asItWas.state)));
    this.approvers = new Map(request.approvers.map((each) => [each.operatorId, each]));
  }

  /** Takes an event into both worlds; what was decided is compared. */
  async take(event: RecordedEvent, atMs: number): Promise<Difference | null> {
    this.asItWas.pass(atMs);
    this.drafted.pass(atMs);
    if (event.type === 'ApprovalGranted' && !this.approvers.has(event.data.operatorId)) {
      this.approvers.set(event.data.operatorId, { operatorId: event.data.operatorId, groups: [] });
    }
    if (event.type === 'Decided' && event.data.repeats > 1) {
      this.totals.repeats += event.data.repeats;
      return null;
    }
    const recorded = verdictIn(event);
    const [before, after] = await this.bothOf(event, atMs);
    if (recorded === null || before === null || after === null) return null;
    return this.compare(event, recorded, before, after);
  }

  private compare(event: RecordedEvent, recorded: Verdict, before: Taken, after: Taken): Difference | null {
    this.totals.decisions += 1;
    if (!isSame(recorded, before.verdict)) {
      this.totals.notReproduced += 1;
      return null;
    }
    if (isSame(before.verdict, after.verdict)) return null;
    count(this.totals, event, before.verdict, after.verdict);
    const isScored = isAboutScores(this.request.draft) && before.assessment && after.assessment;
    return {
      kind: 'difference',
      event,
      before: before.verdict,
      after: after.verdict,
      scored: isScored ? { before: before.assessment, after: after.assessment } : null,
    };
  }

  private async bothOf(event: RecordedEvent, atMs: number): Promise<readonly [Taken | null, Taken | null]> {
    const scored = await this.scored(event);
    const before = this.takenIn(this.asItWas, event, atMs, scored?.before);
    const isWithout = isStoodInFor(this.request.draft, event, this.drafted.state);
    const after = isWithout ? null : this.takenIn(this.drafted, event, atMs, scored?.after);
    return [before, after];
  }

  private takenIn(world: World, event: RecordedEvent, atMs: number, scored?: Scored): Taken | null {
    const taken = takenFrom(event, world.state);
    if (taken.kind === 'follow') world.follow(event, atMs);
    if (taken.kind !== 'decide') return null;
    const command = this.asked(taken.command, scored);
    const verdict = verdictOf(world.decide(command, event.metadata, atMs));
    return { verdict, assessment: command.type === 'SubmitToolCall' ? command.assessment : null };
  }

  /** A command with the people who could be asked, and a tool call with its score. */
  private asked(command: Command, scored: Scored | undefined): Command {
    const approvers = [...this.approvers.values()];
    if (command.type === 'SubmitToolCall') return { ...command, approvers, ...scored };
    return command.type === 'Reserve' || command.type === 'Decide' ? { ...command, approvers } : command;
  }

  /**
   * A call's score in both worlds, where a draft may change it or a registered tool asks for approval. What is
   * recorded of a call is without its secrets and files, so that it is scored anew only where that leads to its
   * recorded score as things were.
   */
  private async scored(event: RecordedEvent): Promise<{ before: Scored; after: Scored } | null> {
    if (event.type !== 'Decided' || event.data.gate === null) return null;
    const { draft } = this.request;
    const tools = [...this.asItWas.state.registry.tools.values()];
    if (!isAboutScores(draft) && !tools.some(({ requiresApproval }) => requiresApproval)) return null;
    const { assessment: recorded } = event.data.gate;
    const proposal = proposalOf(event.data.gate);
    const now = await this.assessor.assess(proposal, this.asItWas.state.registry);
    const before: Scored = { assessment: recorded, requiresApproval: now.requiresApproval };
    if (!isAboutScores(draft)) return { before, after: before };
    const then = await this.assessor.assess(proposal, this.drafted.state.registry);
    const isReadable = scoreOf(now.assessment) === scoreOf(recorded);
    if (!isReadable) this.totals.notReread += 1;
    const assessment = isReadable ? then.assessment : recorded;
    const toolset = then.toolset === null || then.toolset === now.toolset ? {} : { toolset: then.toolset };
    return { before, after: { assessment, requiresApproval: then.requiresApproval, ...toolset } };
  }
}

interface Taken {
  readonly verdict: Verdict;
  readonly assessment: Assessment | null;
}
type Scored = Pick<SubmitToolCall, 'assessment' | 'requiresApproval'> &
  Partial<Pick<SubmitToolCall, 'toolset'>>;

const proposalOf = ({ tool, cwd, context }: NonNullable<Decided['data']['gate']>) => ({
  tool: { ...tool, annotations: null },
  cwd,
  context,
  files: [],
});

const scoreOf = ({ tier, riskPoints, radius, actionKind, selfProtection }: Assessment): string =>
  [tier, riskPoints, radius, actionKind, selfProtection].join();

const isAllowed = ({ decision }: Verdict): boolean => decision === 'ALLOW' || decision === 'ALLOW_WITH_CAPS';

/** Preflights let nothing run, and are counted among the different alone. */
const isPreflight = (event: RecordedEvent): boolean =>
  event.type === 'Decided' && /^(decide|dry_run|observe)$/.test(event.data.operation);

function count(totals: Worlds['totals'], event: RecordedEvent, before: Verdict, after: Verdict): void {
  totals.different += 1;
  if (isPreflight(event)) return;
  if (isAllowed(before) && after.decision === 'DENY') totals.refusedThatRan += 1;
  if (before.decision === 'DENY' && isAllowed(after)) totals.allowedThatWereRefused += 1;
  if (isAsking(after) && !isAsking(before)) totals.asked += 1;
  if (isAsking(before) && !isAsking(after)) totals.noLongerAsked += 1;
  if (isAllowed(before) && isAllowed(after)) totals.otherCaps += 1;
}

/** The gate waits for people; elsewhere the refusal says that they are asked. */
const isAsking = ({ decision, reasonCode }: Verdict): boolean =>
  decision === 'PENDING' || reasonCode === 'APPROVAL_REQUIRED';
