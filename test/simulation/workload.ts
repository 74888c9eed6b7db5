/** What the clients of the simulated world ask for. */

import { createHash } from 'node:crypto';
import type { Unit } from '../../src/domain/amount.js';
import type { Command, SettledCharge } from '../../src/domain/commands.js';
import type { Actor, Origin, OveragePolicy } from '../../src/domain/events.js';
import type { DecisionId, KeyId, ReservationId, TenantId } from '../../src/domain/ids.js';
import type { Subject } from '../../src/domain/subject.js';
import { adjustment, change, debit, extension, funding } from './accounting.js';
import { createBudget, defineTemplate } from './administration.js';
import { KINDS, policing } from './policing.js';
import type { Random } from './random.js';
import type { SequentialIds } from './simulated-ports.js';
import { simulatedCall } from './tool-calls.js';

export const TENANTS = ['acme', 'bolt', 'core'] as TenantId[];

/** One intention of a client: sent anew it has new ids, but the same key and the same body. */
export interface Intention {
  readonly tenantId: TenantId;
  readonly origin: Origin;
  /** Mints fresh ids, as a request handler does each time. */
  readonly build: () => Command;
}

/** What clients remember having been given, to settle it later. */
export interface Belongings {
  readonly reservations: { readonly id: ReservationId; readonly unit: Unit }[];
  readonly toolCalls: DecisionId[];
  /** Charges that are over, to be corrected. */
  readonly charges: SettledCharge[];
}

const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 86_400_000;
const ADMIN: Actor = { type: 'admin' };
const MONEY: Unit = 'USD_MICROCENTS';

export class Workload {
  private keys = 0;
  private readonly belongings = new Map<TenantId, Belongings>();
  private readonly liveKeys = new Map<TenantId, KeyId>();

  constructor(
    private readonly random: Random,
    private readonly ids: SequentialIds,
  ) {}

  belongingsOf(tenantId: TenantId): Belongings {
    const known = this.belongings.get(tenantId) ?? { reservations: [], toolCalls: [], charges: [] };
    this.belongings.set(tenantId, known);
    return known;
  }

  /** The key that clients of a tenant use from now on. */
  useKey(tenantId: TenantId, keyId: KeyId): void {
    this.liveKeys.set(tenantId, keyId);
  }

  /** What sets a tenant up, in order. */
  provisioning(tenantId: TenantId, nowMs: number): Intention[] {
    const { random } = this;
    const policies: OveragePolicy[] = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'];
    const commands: Command[] = [
      {
        type: 'OpenTenant',
        tenantId,
        name: tenantId,
        parentTenantId: null,
        settings: {
          overagePolicy: random.pick(policies),
          defaultTtlMs: 2000,
          maxTtlMs: 60_000,
          maxExtensions: 10,
          expiryPolicy: 'AUTO_RELEASE',
        },
        metadata: {},
      },
      this.issueKey(nowMs)(),
      createBudget(this.ids, `tenant:${tenantId}`, 'TOKENS', 800n, 0n, null),
      {
        ...createBudget(this.ids, `tenant:${tenantId}/app:a0`, 'TOKENS', 300n, 50n, random.pick(policies)),
        rolloverPolicy: 'CAP_AT_ALLOCATED',
        period: { startMs: nowMs, endMs: nowMs + HOUR_MS },
      },
      createBudget(this.ids, `tenant:${tenantId}/app:a1/workflow:r0`, 'TOKENS', 60n, 20n, null),
      createBudget(this.ids, `tenant:${tenantId}`, MONEY, 500n, 100n, 'ALLOW_WITH_OVERDRAFT'),
      defineTemplate(this.ids, tenantId, 'tenant:T/**/workflow:*', 'RISK_POINTS', 100n),
      defineTemplate(this.ids, tenantId, 'tenant:T/app:*/agent:*', 'TOKENS', 120n),
    ];
    return commands.map((command) => this.unkeyed(tenantId, () => command));
  }

  /** The next thing a client wants of a tenant. */
  next(tenantId: TenantId, nowMs: number): Intention {
    const { random } = this;
    const want = random.weighted({
      reserve: 30,
      commit: 22,
      release: 7,
      extend: 5,
      debit: 8,
      adjust: 0.5,
      change: 0.7,
      policy: 3,
      decide: 5,
      toolCall: 12,
      outcome: 8,
      fund: 6,
      status: 1,
      freeze: 2,
      create: 1,
      template: 1,
      key: 0.7,
      close: 0.004,
    });
    switch (want) {
      case 'reserve':
      case 'decide':
        return this.hold(tenantId, want);
      case 'commit':
      case 'release':
        return this.settle(tenantId, want);
      case 'extend':
        return this.keyed(tenantId, extension(random, this.ids, this.reservationOf(tenantId).id));
      case 'debit':
        return this.keyed(tenantId, debit(random, this.ids, this.subject()));
      case 'adjust':
        return this.adjust(tenantId);
      case 'change':
        return this.unkeyed(tenantId, change(random, tenantId, nowMs));
      case 'policy':
        return this.unkeyed(tenantId, policing(random, tenantId, nowMs));
      case 'toolCall':
        return this.toolCall(tenantId);
      case 'outcome':
        return this.outcome(tenantId);
      case 'fund':
        return this.keyed(tenantId, funding(random, this.ids, tenantId));
      default:
        return this.unkeyed(tenantId, this.administration(tenantId, want, nowMs));
    }
  }

  /** The same intention under the same key with another body. */
  changed(intention: Intention): Intention {
    const requestHash = hashOf(`${intention.origin.requestHash} changed`);
    return { ...intention, origin: { ...intention.origin, requestHash } };
  }

  private hold(tenantId: TenantId, want: 'reserve' | 'decide'): Intention {
    const { random, ids } = this;
    const subject = { ...this.subject(), dimensions: { run_id: `run-${random.int(0, 1)}` } };
    const unit = random.weighted({ TOKENS: 20, USD_MICROCENTS: 5, CREDITS: 0.3, RISK_POINTS: 1 }) as Unit;
    const estimate = { unit, amount: BigInt(random.chance(0.05) ? 900 : random.int(0, 40)) };
    const action = { kind: random.pick(KINDS), name: 'any' };
    const operation = want === 'decide' && random.chance(0.5) ? 'decide' : 'dry_run';
    const ttlMs = random.chance(0.3) ? null : random.int(1, 4000);
    const gracePeriodMs = random.chance(0.5) ? null : random.int(0, 1000);
    const overagePolicy = random.chance(0.5)
      ? null
      : random.pick(['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] as const);
    return this.keyed(tenantId, () =>
      want === 'decide'
        ? {
            type: 'Decide',
            operation,
            decisionId: ids.mint('dec') as DecisionId,
            subject,
            action,
            estimate,
            metadata: null,
          }
        : {
            type: 'Reserve',
            reservationId: ids.mint('rsv') as ReservationId,
            decisionId: ids.mint('dec') as DecisionId,
            subject,
            action,
            estimate,
            ttlMs,
            gracePeriodMs,
            overagePolicy,
            metadata: null,
          },
    );
  }

  /** Mostly one of the latest; rarely one that nobody has. */
  private reservationOf(tenantId: TenantId): Belongings['reservations'][number] {
    const { random } = this;
    const { reservations } = this.belongingsOf(tenantId);
    const isRecent = random.chance(0.85);
    const isKnown = reservations.length > 0 && !random.chance(0.02);
    if (!isKnown) return { id: 'rsv_nobody' as ReservationId, unit: 'TOKENS' };
    return random.pick(isRecent ? reservations.slice(-12) : reservations);
  }

  /** Only operators correct charges; a client has nothing to ask for before there is one. */
  private adjust(tenantId: TenantId): Intention {
    const { charges } = this.belongingsOf(tenantId);
    if (charges.length === 0) return this.hold(tenantId, 'reserve');
    const intention = this.keyed(tenantId, adjustment(this.random, this.random.pick(charges)));
    return { ...intention, origin: { ...intention.origin, actor: ADMIN } };
  }

  private settle(tenantId: TenantId, want: 'commit' | 'release'): Intention {
    const { random, ids } = this;
    const { id, unit } = this.reservationOf(tenantId);
    const actual = { unit: random.chance(0.02) ? MONEY : unit, amount: BigInt(random.int(0, 60)) };
    return this.keyed(tenantId, () => {
      const decisionId = ids.mint('dec') as DecisionId;
      return want === 'commit'
        ? { type: 'Commit', reservationId: id, decisionId, actual, metrics: null, metadata: null }
        : { type: 'Release', reservationId: id, decisionId, reason: null };
    });
  }

  private toolCall(tenantId: TenantId): Intention {
    return this.keyed(tenantId, simulatedCall(this.random, this.ids));
  }

  private outcome(tenantId: TenantId): Intention {
    const { random, ids } = this;
    const { toolCalls } = this.belongingsOf(tenantId);
    const from = random.chance(0.8) ? toolCalls.slice(-8) : toolCalls;
    const toolCallId = from.length === 0 ? ('dec_nobody' as DecisionId) : random.pick(from);
    const status = random.pick(['succeeded', 'failed', 'unknown'] as const);
    const amount = random.chance(0.2) ? BigInt(random.int(0, 30)) : null;
    const intention = this.keyed(tenantId, () => ({
      type: 'RecordOutcome',
      decisionId: ids.mint('dec') as DecisionId,
      toolCallId,
      status,
      httpStatus: null,
      exitCode: null,
      error: null,
      outputSha256: null,
      actual: amount === null ? null : { unit: MONEY, amount },
    }));
    const requestHash = hashOf(`outcome ${status} ${amount}`);
    return { ...intention, origin: { ...intention.origin, idempotencyKey: null, requestHash } };
  }

  private administration(
    tenantId: TenantId,
    want: 'status' | 'freeze' | 'create' | 'template' | 'key' | 'close',
    nowMs: number,
  ): () => Command {
    const { random } = this;
    const scope = random.pick([`tenant:${tenantId}`, `tenant:${tenantId}/app:a0`]);
    switch (want) {
      case 'status': {
        const status = random.chance(0.15) ? 'SUSPENDED' : 'ACTIVE';
        return () => ({ type: 'ChangeTenantStatus', status, reason: null });
      }
      case 'close':
        return () => ({ type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
      case 'freeze': {
        const type = random.chance(0.25) ? 'FreezeBudget' : 'UnfreezeBudget';
        return () => ({ type, scope, unit: 'TOKENS', reason: null });
      }
      case 'create':
        return this.always(
          createBudget(
            this.ids,
            `tenant:${tenantId}/workspace:w${random.int(0, 3)}`,
            'TOKENS',
            200n,
            0n,
            null,
          ),
        );
      case 'template':
        return this.always(
          defineTemplate(this.ids, tenantId, `tenant:T/workspace:*/app:a${random.int(0, 1)}`, 'TOKENS', 90n),
        );
      case 'key': {
        const keyId = this.liveKeys.get(tenantId);
        if (keyId === undefined || random.chance(0.6)) return this.issueKey(nowMs);
        if (random.chance(0.9)) this.liveKeys.delete(tenantId);
        return () => ({ type: 'RevokeApiKey', keyId, reason: null });
      }
    }
  }

  /** A key issued twice is two keys, each with an id of its own. */
  private issueKey(nowMs: number): () => Command {
    const all = [
      'reservations:create',
      'reservations:commit',
      'reservations:release',
      'reservations:extend',
      'budgets:write',
    ];
    const permissions = this.random.chance(0.9) ? all : all.slice(0, 1);
    const trusted = this.random.chance(0.5);
    return () => ({
      type: 'IssueApiKey',
      key: {
        keyId: this.ids.mint('key') as KeyId,
        secretHash: 'hash',
        prefix: 'sim',
        name: 'simulated',
        description: null,
        permissions,
        scopeFilter: [],
        fixedSubject: {},
        trusted,
        ownerOperatorId: null,
        expiresAtMs: nowMs + 12 * MONTH_MS,
        metadata: {},
      },
    });
  }

  private always(command: Command): () => Command {
    return () => command;
  }

  private subject(): Subject {
    const { random } = this;
    return {
      ...(random.chance(0.2) && { workspace: `w${random.int(0, 3)}` }),
      ...(random.chance(0.9) && { app: random.pick(['a0', 'a1', 'A1']) }),
      ...(random.chance(0.5) && { workflow: `r${random.int(0, 2)}` }),
      ...(random.chance(0.4) && { agent: `g${random.int(0, 3)}` }),
      ...(random.chance(0.3) && { toolset: 'shell' }),
    };
  }

  private keyed(tenantId: TenantId, build: () => Command): Intention {
    const keyId = this.liveKeys.get(tenantId);
    const usesKey = keyId !== undefined && this.random.chance(0.8);
    const idempotencyKey = `key-${++this.keys}`;
    return {
      tenantId,
      build,
      origin: {
        actor: usesKey ? { type: 'api_key', keyId } : ADMIN,
        sourceIp: null,
        userAgent: null,
        requestId: null,
        traceId: null,
        traceFlags: null,
        idempotencyKey,
        requestHash: hashOf(idempotencyKey),
      },
    };
  }

  private unkeyed(tenantId: TenantId, build: () => Command): Intention {
    const intention = this.keyed(tenantId, build);
    const origin = { ...intention.origin, actor: ADMIN, idempotencyKey: null, requestHash: null };
    return { ...intention, origin };
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
