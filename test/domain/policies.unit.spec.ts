/** What must hold of policies whatever happens: quotas are kept, counters can be recounted, fixes are true. */

import fc from 'fast-check';
import { NO_PRIOR } from '../../src/domain/commands.js';
import type { QuotaUse } from '../../src/domain/events.js';
import { explain } from '../../src/domain/explanation.js';
import { counterKey, usedOf } from '../../src/domain/quota.js';
import { reasonCodeOf } from '../../src/domain/refusals.js';
import { deserializeState, serializeState } from '../../src/domain/state-codec.js';
import { doFix } from './fixes.js';
import { type Happened, Ledger, originOf } from './ledger.js';
import { parseStep } from './script.js';

const pick = (...values: string[]) => fc.constantFrom(...values);
const words = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(' '));

const rules = fc
  .subarray([
    'quota=db.query:3/run,db.query:2/minute',
    'risk=read_only:4/hour,side_effect:3/tenantday',
    'rate=5 commits=3',
    'deny=file.delete',
    'caps=tokens:9',
    'steps=40:tokens:5,70:high_risk',
    'needs=agent',
    'overage=REJECT',
  ])
  .map((chosen) => chosen.join(' '));
const policyStep = words(
  pick('policy p1', 'policy p2', 'policy p3'),
  pick('acme', 'acme/*', 'agent:*', 'acme/agent:x'),
  rules,
  pick('', 'priority=2'),
);
const kind = pick(
  'kind=db.query',
  'kind=db.query',
  'kind=db.write',
  'kind=file.delete',
  'kind=proprietary.x',
);
const at = pick('at=acme', 'at=acme/agent:x', 'at=acme/agent:y', 'at=acme/app:a/agent:x');
const run = pick('run=a', 'run=a', 'run=b');
const reserveStep = words(
  pick('reserve r1', 'reserve r2', 'reserve r3'),
  pick('1', '3', '40'),
  kind,
  at,
  run,
  pick('', 'ttl=3s'),
);
const endStep = words(pick('commit', 'release'), pick('r1', 'r2', 'r3'), fc.constant('1'));
const otherStep = pick(
  'call c1 5 kind=db.query',
  'call c2 0 kind=db.query',
  'call c3 9',
  'outcome c1 failed',
  'wait 1s',
  'wait 20s',
  'wait 1m',
  'wait 61m',
  'wait 25h',
  'repolicy p1 quota=db.query:1/run',
  'repolicy p2 rate=9',
  'unpolicy p1',
  'freeze acme',
  'unfreeze acme',
  'suspend',
  'reactivate',
  'tenant observe',
  'tenant enforce',
  'fund acme CREDIT 9',
  'resetcounter acme kind:db.query run a',
);
const evaluated = fc.oneof(
  words(fc.constant('decide'), pick('1', '40', '99RISK', '1TOKENS'), kind, at, run),
  words(fc.constant('dryrun'), pick('1', '40'), pick('kind=custom.acme.x', 'kind=db.query'), at),
  words(
    fc.constant('call c'),
    pick('0', '5', '50'),
    kind,
    pick('', 'money=5', 'money=99'),
    pick('', 'tier=4', 'radius=system', 'self', 'app=none'),
  ),
);
const story = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: policyStep },
    { weight: 8, arbitrary: reserveStep },
    { weight: 3, arbitrary: endStep },
    { weight: 4, arbitrary: otherStep },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** Plays steps, each new thing under a name of its own, and lets those go wrong that go wrong. */
function played(steps: readonly string[]): Ledger {
  const ledger = new Ledger();
  for (const step of ['open', 'budget acme 60', 'budget acme 40RISK', ...distinct(steps)])
    perform(ledger, step);
  return ledger;
}

function distinct(steps: readonly string[]): string[] {
  let count = 0;
  const latest = new Map<string, string>();
  return steps.map((step) =>
    step.replace(/^(\w+) ([rc]\d)\b/, (_all, verb: string, name: string) => {
      if (verb === 'reserve' || verb === 'call') latest.set(name, `${name}_${++count}`);
      return `${verb} ${latest.get(name) ?? name}`;
    }),
  );
}

function perform(ledger: Ledger, text: string) {
  const step = parseStep(text);
  if (step.kind === 'wait') ledger.wait(step.durationMs);
  else return ledger.execute(step.command, step.asked);
  return undefined;
}

const usesIn = ({ event }: Happened): readonly QuotaUse[] =>
  event.type === 'Reserved' || event.type === 'Committed' || event.type === 'Decided'
    ? (event.data.quotas ?? [])
    : [];

/** When a use is over unless another follows: as it says itself, or with its UTC minute, hour or day. */
function overAt({ window, expiresAtMs }: QuotaUse, atMs: number): number {
  if (expiresAtMs !== undefined) return expiresAtMs;
  const at = new Date(atMs);
  const day = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()] as const;
  if (window === 'per_minute_tumbling') return Date.UTC(...day, at.getUTCHours(), at.getUTCMinutes() + 1);
  if (window === 'per_hour_tumbling') return Date.UTC(...day, at.getUTCHours() + 1);
  return Date.UTC(day[0], day[1], day[2] + 1);
}

/** Every counter of now, counted from nothing but the events: what was used, less what was given back or reset. */
function recount(history: readonly Happened[], nowMs: number): Map<string, number> {
  const counts = new Map<string, { used: number; windowKey: string; expiresAtMs: number; ttlMs: number }>();
  const ofRuns = new Map<string, string[]>();
  for (const happened of history) {
    const { event, atMs } = happened;
    for (const use of usesIn(happened)) {
      const key = counterKey(use);
      const before = counts.get(key);
      const goesOn = before !== undefined && before.windowKey === use.windowKey && before.expiresAtMs > atMs;
      counts.set(key, {
        used: (goesOn ? before.used : 0) + 1,
        windowKey: use.windowKey,
        expiresAtMs: overAt(use, atMs),
        ttlMs: overAt(use, atMs) - atMs,
      });
      if (event.type === 'Reserved' && use.window === 'per_run') {
        ofRuns.set(event.data.reservationId, [...(ofRuns.get(event.data.reservationId) ?? []), key]);
      }
    }
    if (event.type === 'Released') {
      for (const key of ofRuns.get(event.data.reservationId) ?? []) {
        const count = counts.get(key);
        if (count !== undefined && count.used > 0 && count.expiresAtMs > atMs) count.used -= 1;
      }
    }
    if (event.type === 'QuotaCounterReset') {
      for (const name of event.data.counters) {
        const count = counts.get(counterKey(name));
        if (count === undefined) continue;
        count.used = 0;
        if (name.window === 'per_run') count.expiresAtMs = atMs + count.ttlMs;
      }
    }
  }
  return new Map(
    [...counts]
      .filter(([, { used, expiresAtMs }]) => used > 0 && expiresAtMs > nowMs)
      .map(([key, { used }]) => [key, used]),
  );
}

describe('Policies, whatever happens', () => {
  it('never let a quota be exceeded', () => {
    fc.assert(
      fc.property(story, (steps) => {
        for (const happened of played(steps).history) {
          for (const { used, limit } of usesIn(happened)) expect(used).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep counters that a recount of the events finds again', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const { state, history, nowMs } = played(steps);
        const kept = [...state.counters.entries()].flatMap(([key, counter]) => {
          const used = usedOf(counter, state, nowMs);
          return used > 0 ? [[key as string, used] as const] : [];
        });
        expect(new Map(kept)).toEqual(recount(history, nowMs));
      }),
      { numRuns: 300 },
    );
  });

  it('are explained as they are decided: the first check that refuses is the reason', () => {
    fc.assert(
      fc.property(story, evaluated, (steps, last) => {
        const ledger = played(steps);
        const step = parseStep(last);
        const { tenant } = ledger.state;
        if (step.kind !== 'command' || tenant === null) throw new Error('nothing to explain');
        if (step.command.type !== 'Decide' && step.command.type !== 'SubmitToolCall') throw new Error(last);
        const before = serializeState(ledger.state);
        const { command } = step;
        const request = { command, origin: originOf({}), nowMs: ledger.nowMs, prior: NO_PRIOR };
        const { checks, decision, reasonCode } = explain(request, tenant, ledger.state);
        const first = checks.find(({ refusal }) => refusal !== null)?.refusal;
        expect(reasonCode).toBe(first ? reasonCodeOf(first.code) : null);
        expect(decision === 'DENY').toBe(first !== undefined);
        expect(serializeState(ledger.state)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('survive a snapshot', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const { state } = played(steps);
        const restored = deserializeState(serializeState(state));
        expect(serializeState(restored)).toBe(serializeState(state));
        expect([...restored.policies.values()]).toEqual([...state.policies.values()]);
      }),
      { numRuns: 50 },
    );
  });

  it('suggest fixes after which the same request passes the check that refused it, and in the end all of them', () => {
    fc.assert(
      fc.property(story, reserveStep, fc.boolean(), (steps, last, isPatient) => {
        const ledger = played(steps);
        if (ledger.state.tenant?.settings.observeMode === 'OBSERVE') return;
        const request = last
          .replace(/r\d/, 'final')
          .replace('at=acme ', 'at=acme/agent:z ')
          .replace('at=acme/agent:z /', 'at=acme/');
        const met: string[] = [];
        for (;;) {
          const ruling = perform(ledger, request);
          if (ruling?.kind !== 'refused') break;
          const { code, deny } = ruling.refusal;
          expect(deny?.suggestedFix).toBeDefined();
          expect(deny?.suggestedFix?.length).toBeLessThanOrEqual(512);
          met.push(reasonCodeOf(code));
          expect(met.length).toBeLessThan(12);
          doFix(ledger, deny?.suggestedFix ?? '', isPatient);
        }
      }),
      { numRuns: 300 },
    );
  });
});
