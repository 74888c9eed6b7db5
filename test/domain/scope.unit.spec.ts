/** Scopes, patterns, periods, permissions: the small words of the domain. */

import fc from 'fast-check';
import { DEFAULT_PERMISSIONS, grants, PERMISSIONS, type Permission } from '../../src/domain/access.js';
import { answerIndex, claimOf } from '../../src/domain/idempotency.js';
import type { ScopePath, TenantId } from '../../src/domain/ids.js';
import { nextPeriod, periodAt } from '../../src/domain/period.js';
import { deriveScopes, LEVELS, levelOf, parseScope, SUBJECT_VALUE } from '../../src/domain/subject.js';
import { ledgerIdOf, patternMatches } from '../../src/domain/template.js';
import { originOf } from './ledger.js';
import { parseStep } from './script.js';

const ACME = 'acme' as TenantId;
const value = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,12}$/);

describe('Scopes of a subject', () => {
  it('are a prefix each of the next, over all six levels in order', () => {
    const subject = { toolset: 'Shell', agent: 'Bot', workflow: 'run-7', app: 'ide', workspace: 'prod' };
    expect(deriveScopes(subject, ACME)).toEqual([
      'tenant:acme',
      'tenant:acme/workspace:prod',
      'tenant:acme/workspace:prod/app:ide',
      'tenant:acme/workspace:prod/app:ide/workflow:run-7',
      'tenant:acme/workspace:prod/app:ide/workflow:run-7/agent:bot',
      'tenant:acme/workspace:prod/app:ide/workflow:run-7/agent:bot/toolset:shell',
    ]);
  });

  it('skip levels that are not given, and know nothing of dimensions', () => {
    const scopes = deriveScopes({ agent: 'x', dimensions: { team: 'red' } }, ACME);
    expect(scopes).toEqual(['tenant:acme', 'tenant:acme/agent:x']);
  });

  it('are canonical: each parses to itself and is the same in any case', () => {
    const subject = fc.record(
      { workspace: value, app: value, workflow: value, agent: value, toolset: value },
      { requiredKeys: [] },
    );
    const property = fc.property(subject, (levels) => {
      const scopes = deriveScopes(levels, ACME);
      const upper = Object.fromEntries(
        Object.entries(levels).map(([level, text]) => [level, text.toUpperCase()]),
      );
      expect(deriveScopes(upper, ACME)).toEqual(scopes);
      for (const scope of scopes) {
        expect(parseScope(scope, ACME)).toBe(scope);
        expect(LEVELS).toContain(levelOf(scope));
      }
    });
    fc.assert(property);
  });

  it.each([
    '',
    'tenant:other',
    'acme',
    'tenant:acme/',
    'tenant:acme/app',
    'tenant:acme/app:',
    'tenant:acme/app:a b',
    'tenant:acme/app:a/workspace:w',
    'tenant:acme/tenant:acme',
    'tenant:acme/app:a/',
  ])('are not parsed from %p', (text) => expect(parseScope(text, ACME)).toBeUndefined());

  it.each(['a/b', 'a b', 'a:b', '', 'ä', 'a*', 'a|b'])('have no value like %p', (text) => {
    expect(SUBJECT_VALUE.test(text)).toBe(false);
  });
});

describe('A pattern', () => {
  it.each([
    ['tenant:acme/app:*', 'tenant:acme/app:ide', true],
    ['tenant:acme/app:*', 'tenant:acme', false],
    ['tenant:acme/app:*', 'tenant:acme/app:ide/agent:x', false],
    ['tenant:acme/app:*', 'tenant:acme/workspace:w/app:ide', false],
    ['tenant:acme/app:ide', 'tenant:acme/app:ide', true],
    ['tenant:acme/app:ide', 'tenant:acme/app:idea', false],
    ['tenant:acme/**/app:*', 'tenant:acme/app:ide', true],
    ['tenant:acme/**/app:*', 'tenant:acme/workspace:w/app:ide', true],
    ['tenant:acme/**/app:*', 'tenant:acme/workspace:w/app:ide/agent:x', false],
    ['tenant:acme/**/workflow:*', 'tenant:acme/workspace:w/app:ide/workflow:s', true],
    ['tenant:acme/app:ide/**/agent:x', 'tenant:acme/app:ide/agent:x', true],
    ['tenant:acme/app:ide/**/agent:x', 'tenant:acme/app:other/agent:x', false],
    ['tenant:acme/app:*/workflow:*', 'tenant:acme/app:a/workflow:s', true],
  ])('%s over %s: %p', (pattern, scope, expected) => {
    expect(patternMatches(pattern, scope as ScopePath)).toBe(expected);
  });
});

describe('A daily period', () => {
  it('begins at midnight UTC and ends where the next begins', () => {
    const noon = Date.UTC(2026, 1, 28, 12);
    const { startMs, endMs } = periodAt('daily', noon);
    expect([new Date(startMs).toISOString(), new Date(endMs).toISOString()]).toEqual([
      '2026-02-28T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
    expect(periodAt('daily', endMs).startMs).toBe(endMs);
    expect(periodAt('daily', endMs - 1).endMs).toBe(endMs);
  });
});

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const spanOf = ({ startMs, endMs }: { startMs: number; endMs: number }): string =>
  `${dayOf(startMs)} to ${dayOf(endMs)}`;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

describe('A calendar period', () => {
  it.each([
    ['weekly', '2026-03-01', '2026-02-23 to 2026-03-02'],
    ['weekly', '2026-03-02', '2026-03-02 to 2026-03-09'],
    ['monthly', '2026-02-28', '2026-02-01 to 2026-03-01'],
    ['monthly', '2026-12-31', '2026-12-01 to 2027-01-01'],
  ] as const)('%s holds %s in %s', (length, day, expected) => {
    expect(spanOf(periodAt(length, at(day)))).toBe(expected);
  });
});

describe('The period after a stated one', () => {
  it.each([
    ['2026-03-01', '2026-04-01', '2026-04-01', '2026-04-01 to 2026-05-01'],
    ['2026-01-15', '2026-02-15', '2026-02-15', '2026-02-15 to 2026-03-15'],
    ['2026-01-15', '2026-02-15', '2026-07-14', '2026-06-15 to 2026-07-15'],
    ['2026-01-15', '2026-02-15', '2026-07-15', '2026-07-15 to 2026-08-15'],
    ['2026-01-01', '2027-01-01', '2029-12-31', '2029-01-01 to 2030-01-01'],
    ['2026-01-31', '2026-03-03', '2026-03-03', '2026-03-03 to 2026-04-03'],
    ['2026-03-01', '2026-03-11', '2026-03-11', '2026-03-11 to 2026-03-21'],
    ['2026-03-01', '2026-03-11', '2026-04-05', '2026-03-31 to 2026-04-10'],
  ])('%s to %s is, on %s, %s', (start, end, day, expected) => {
    const period = { length: 'custom', startMs: at(start), endMs: at(end) } as const;
    expect(spanOf(nextPeriod(period, at(day)))).toBe(expected);
  });
});

describe('A ledger id', () => {
  it('is one for a scope and unit for ever', () => {
    const scope = 'tenant:acme/app:ide' as ScopePath;
    expect(ledgerIdOf(scope, 'RISK_POINTS')).toBe(ledgerIdOf(scope, 'RISK_POINTS'));
    expect(ledgerIdOf(scope, 'RISK_POINTS')).not.toBe(ledgerIdOf(scope, 'TOKENS'));
    expect(ledgerIdOf(scope, 'RISK_POINTS')).toMatch(/^ldg_[0-9a-f]{26}$/);
  });
});

describe('Permissions', () => {
  it('are the closed list of 28, of which the first ten are the default', () => {
    expect(PERMISSIONS).toHaveLength(28);
    expect(new Set(PERMISSIONS).size).toBe(28);
    expect(DEFAULT_PERMISSIONS).toHaveLength(10);
    expect(DEFAULT_PERMISSIONS.at(-1)).toBe('policies:write');
  });

  it.each(PERMISSIONS)('%s is granted by itself, and by the wildcard of its own kind alone', (needed) => {
    const kind = needed.slice(needed.lastIndexOf(':') + 1);
    expect(grants([needed], needed)).toBe(true);
    expect(grants([], needed)).toBe(false);
    expect(grants(['admin:write'], needed)).toBe(kind === 'write');
    expect(grants(['admin:read'], needed)).toBe(kind === 'read');
    const others: Permission[] = PERMISSIONS.filter(
      (other) => other !== needed && other !== 'admin:write' && other !== 'admin:read',
    );
    expect(grants(others, needed)).toBe(false);
  });
});

describe('A claim', () => {
  const claim = (text: string): string | null => {
    const step = parseStep(text);
    return step.kind === 'command' ? claimOf(step.command, originOf(step.asked)) : null;
  };

  it('is one for a reserve and its dry run, and another for everything else', () => {
    expect(claim('dryrun 5 #k')).toBe(claim('reserve r 5 #k'));
    const all = [
      'reserve r 5 #k',
      'decide 5 #k',
      'commit r 5 #k',
      'commit s 5 #k',
      'release r #k',
      'fund acme CREDIT 5 #k',
      'fund acme CREDIT 5RISK #k',
      'fund acme/app:a CREDIT 5 #k',
      'call c 5 #k',
      'call c 5 session=s2 #k',
      'outcome c failed',
    ];
    expect(new Set(all.map(claim)).size).toBe(all.length);
  });

  it('needs a key, except for an outcome, of which a call has one', () => {
    expect(claim('reserve r 5')).toBeNull();
    expect(claim('outcome c failed #k')).toBe(claim('outcome c failed'));
    expect(claim('freeze acme #k')).toBeNull();
  });

  it('is carried by the answering event, and by none where the gate denies', () => {
    const decided = (decision: string, gate: unknown) =>
      ({ type: 'Decided', data: { decision, gate } }) as never;
    const [opened, held] = [{ type: 'BudgetCreated' }, { type: 'Reserved' }] as never[];
    expect(answerIndex([opened, held] as never)).toBe(1);
    expect(answerIndex([opened, decided('ALLOW', {}), held] as never)).toBe(1);
    expect(answerIndex([decided('DENY', {})])).toBe(-1);
    expect(answerIndex([decided('DENY', null)])).toBe(0);
    expect(answerIndex([])).toBe(-1);
  });
});
