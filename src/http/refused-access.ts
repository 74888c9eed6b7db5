/** Failed authentications, told to the operators' ledger: the first of a kind at once, its repeats by the minute. */

import type { FastifyRequest } from 'fastify';
import type { SystemWriter } from '../commands/writers.js';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { PresentedCredential } from '../domain/system/system.events.js';
import type { Clock } from '../ports/clock.port.js';
import { originOfNobody, sourceOf } from './correlation.js';

/** Injects `RefusedAccess`. */
export const REFUSED_ACCESS = Symbol('RefusedAccess');

const MINUTE_MS = 60_000;
/** Sources that are counted apart; what comes from more is counted together. */
const SOURCES_MAX = 256;

interface Flood {
  readonly origin: Origin;
  readonly presented: PresentedCredential;
  readonly operatorId: OperatorId | null;
  readonly route: string | null;
  readonly cancel: () => void;
  repeats: number;
}

export class RefusedAccess {
  private readonly floods = new Map<string, Flood>();

  constructor(
    private readonly system: Pick<SystemWriter, 'execute'>,
    private readonly clock: Clock,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  /** Never keeps the request waiting. */
  note(request: FastifyRequest, presented: PresentedCredential, operatorId: OperatorId | null = null): void {
    const isCrowded = this.floods.size >= SOURCES_MAX;
    const source = isCrowded ? null : sourceOf(request);
    const key = `${presented}|${source}|${operatorId}`;
    const known = this.floods.get(key);
    if (known !== undefined) {
      known.repeats += 1;
      return;
    }
    // Nobody is known to have caused it: the server itself records what it turned away.
    const origin: Origin = { ...originOfNobody(request), actor: { type: 'system' }, sourceIp: source };
    const route = request.routeOptions.url ?? null;
    const cancel = this.clock.after(MINUTE_MS, () => this.end(key));
    this.floods.set(key, { origin, presented, operatorId, route, cancel, repeats: 0 });
    this.record({ origin, presented, operatorId, route, repeats: 1 });
  }

  /** Hands in what has been counted so far. */
  drain(): void {
    for (const key of [...this.floods.keys()]) this.end(key);
  }

  private end(key: string): void {
    const flood = this.floods.get(key);
    if (flood === undefined) return;
    this.floods.delete(key);
    flood.cancel();
    if (flood.repeats > 0) this.record(flood);
  }

  private record({ origin, presented, operatorId, route, repeats }: Omit<Flood, 'cancel'>): void {
    const refused = { presented, operatorId, route, repeats };
    this.system.execute({ type: 'RecordRefusedAccess', refused }, origin).catch((error: unknown) => {
      this.log.warn({ err: error, repeats }, 'a failed authentication could not be recorded');
    });
  }
}
