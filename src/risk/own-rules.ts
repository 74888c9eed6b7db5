/** Applies operators' rules: they raise what the engine found, and lower it only where they say so. */
import type { Radius, Tier } from '../domain/assessment.js';
import type { Analysis } from './analysis.js';
import type { OwnProgramMatch, OwnRequestMatch, OwnRule } from './catalogue/own.js';
import type { Finding, Judgement } from './finding.js';
import { hostFits } from './http/host.js';
import { memo } from './memo.js';
import { BASE_POINTS, tierOfPoints } from './points.js';
import type { RiskRegistry } from './registry.js';
import type { Argument } from './shell/argument.js';
import type { Invocation } from './shell/invocation.js';
import { wildcardFits } from './wildcard.js';

const TIERS: readonly Tier[] = [0, 1, 2, 3, 4];
const RADII: readonly Radius[] = ['object', 'set', 'collection', 'system'];

interface Matching<Match extends OwnRule['match']> extends OwnRule {
  readonly match: Match;
}

interface RuleBook {
  readonly programs: ReadonlyMap<string, readonly Matching<OwnProgramMatch>[]>;
  /** By host without a port; a rule for all below a name stands under `*`. */
  readonly requests: ReadonlyMap<string, readonly Matching<OwnRequestMatch>[]>;
}

const bookOf = memo((registry: RiskRegistry): RuleBook => {
  const programs = new Map<string, Matching<OwnProgramMatch>[]>();
  const requests = new Map<string, Matching<OwnRequestMatch>[]>();
  for (const rule of registry.ownRules) {
    const { match } = rule;
    if (match.kind === 'request') {
      const host = match.host.startsWith('*') ? '*' : match.host.toLowerCase().replace(/:\d+$/, '');
      requests.set(host, [...(requests.get(host) ?? []), { ...rule, match }]);
    } else programs.set(match.program, [...(programs.get(match.program) ?? []), { ...rule, match }]);
  }
  return { programs, requests };
});

/** Findings of commands that were judged inside of others; a rule lowers only what its own command does. */
const JUDGED = new WeakSet<Finding>();

/** Rules for a command, on what was found of it since `before`; `written` is its program as the call has it. */
export function applyProgramRules(written: string, invocation: Invocation, before: number): void {
  const { analysis, name } = invocation;
  if (analysis.registry.ownRules.length === 0) return;
  const { programs } = bookOf(analysis.registry);
  const named = [...(programs.get(name) ?? []), ...(written === name ? [] : (programs.get(written) ?? []))];
  const raising = named.filter((rule) => !rule.lowers && fitsLoosely(rule.match, invocation));
  for (const rule of raising) raiseWorst(rule, invocation, before);
  const lowering =
    raising.length > 0
      ? undefined
      : named.find((rule) => rule.lowers && fitsExactly(rule.match, written, invocation));
  if (lowering !== undefined) lowerOwn(lowering, analysis, before);
  for (const found of analysis.findings.slice(before)) JUDGED.add(found);
}

/** The words stand in this order among the arguments, whatever is between them. */
function fitsLoosely({ words, flags }: OwnProgramMatch, { args }: Invocation): boolean {
  let next = 0;
  for (const { text } of args) if (text === words[next]) next += 1;
  return next === words.length && hasFlags(flags, args);
}

/**
 * Nothing may look like the command and be another: the words come first, every word can be seen, and neither a
 * folder nor a setting before it says that some other program of this name is run.
 */
function fitsExactly(match: OwnProgramMatch, written: string, invocation: Invocation): boolean {
  const { args, environment, place } = invocation;
  return (
    match.program === written &&
    place === 'here' &&
    environment.size === 0 &&
    args.every((word) => word.known) &&
    match.words.every((word, index) => args[index]?.text === word) &&
    hasFlags(match.flags, args)
  );
}

function hasFlags(flags: readonly string[], args: readonly Argument[]): boolean {
  return flags.every((flag) => args.some(({ text }) => text === flag || text.startsWith(`${flag}=`)));
}

function raiseWorst(rule: OwnRule, { analysis, name, args, span }: Invocation, before: number): void {
  const { findings } = analysis;
  const worst = findings
    .slice(before)
    .reduce((best, next) => (isWorse(next, best) ? next : best), findings[before]);
  if (worst === undefined) {
    const { tier } = costOf(rule);
    const verb = tier === 0 ? 'read' : 'execute';
    const kind = rule.actionKind ?? 'unknown.call';
    const target = [name, ...args.slice(0, 3).map((word) => word.text)].join(' ').slice(0, 160);
    analysis.report(raised({ tier, verb, kind, reason: rule.reason, free: true }, rule), { target, span });
    return;
  }
  findings[findings.indexOf(worst)] = { ...worst, ...raised(worst, rule) };
}

function lowerOwn(rule: OwnRule, { findings }: Analysis, before: number): void {
  for (let at = before; at < findings.length; at += 1) {
    const found = findings[at];
    if (found === undefined || JUDGED.has(found)) continue;
    findings[at] = { ...found, ...lowered(found, rule) };
  }
}

/** What a request is compared by. */
export interface RuledRequest {
  readonly url: URL | null;
  readonly method: string | null;
  readonly operation: string | null;
}

/** The verdict on one operation of a request, as the rules for its host have it. */
export function ruledRequest(registry: RiskRegistry, judgement: Judgement, request: RuledRequest): Judgement {
  if (registry.ownRules.length === 0 || request.url === null) return judgement;
  const { requests } = bookOf(registry);
  const host = request.url.hostname.replace(/\.$/, '');
  const fitting = [...(requests.get(host) ?? []), ...(requests.get('*') ?? [])].filter((rule) =>
    fitsRequest(rule, request),
  );
  const raising = fitting.filter((rule) => !rule.lowers);
  const lowering = raising.length > 0 ? undefined : fitting[0];
  return lowering === undefined
    ? raising.reduce((verdict, rule) => raised(verdict, rule), judgement)
    : lowered(judgement, lowering);
}

function fitsRequest(
  { match }: Matching<OwnRequestMatch>,
  { url, method, operation }: RuledRequest,
): boolean {
  return (
    url !== null &&
    hostFits(match.host, url.host) &&
    (match.method === null || match.method === method) &&
    (match.path === null || wildcardFits(match.path, url.pathname)) &&
    (match.operation === null || (operation !== null && wildcardFits(match.operation, operation)))
  );
}

const costOf = ({ tier, points }: OwnRule): { tier: Judgement['tier']; base: number } =>
  points === null
    ? { tier: tier ?? 0, base: BASE_POINTS[tier ?? 0] }
    : { tier: tierOfPoints(points), base: points };

const baseOf = ({ tier, base, free }: Judgement): number => (free === true ? 0 : (base ?? BASE_POINTS[tier]));

function isWorse(next: Finding, best: Finding | undefined): boolean {
  if (best === undefined || next.tier !== best.tier) return best === undefined || next.tier > best.tier;
  return RADII.indexOf(next.radius ?? 'object') > RADII.indexOf(best.radius ?? 'object');
}

/** At least what the rule says, in every respect. */
function raised(judgement: Judgement, rule: OwnRule): Judgement {
  const { tier, base } = costOf(rule);
  const radius = rule.radius ?? 'object';
  const widens = RADII.indexOf(radius) > RADII.indexOf(judgement.radius ?? 'object');
  const isMore = base > baseOf(judgement) || tier > judgement.tier;
  if (!isMore && !widens) return judgement;
  return {
    ...judgement,
    tier: TIERS[Math.max(tier, judgement.tier)] ?? tier,
    verb: judgement.verb === 'read' && tier > 1 ? 'execute' : judgement.verb,
    kind: rule.actionKind ?? judgement.kind,
    reason: rule.reason,
    ...(isMore && { base: Math.max(base, baseOf(judgement)), free: false, reversible: undefined }),
    ...(widens && { radius }),
    ruling: { rule: rule.name, effect: 'raised', from: judgement.tier },
  };
}

/** At most what the rule says; what touches the gate itself is nobody's to lower. */
function lowered(judgement: Judgement, rule: OwnRule): Judgement {
  const { tier, base } = costOf(rule);
  if (judgement.selfProtection === true || (tier >= judgement.tier && base >= baseOf(judgement)))
    return judgement;
  return {
    ...judgement,
    tier: TIERS[Math.min(tier, judgement.tier)] ?? tier,
    base: Math.min(base, baseOf(judgement)),
    kind: rule.actionKind ?? judgement.kind,
    radius: rule.radius ?? judgement.radius,
    reason: rule.reason,
    ruling: { rule: rule.name, effect: 'lowered', from: judgement.tier },
  };
}
