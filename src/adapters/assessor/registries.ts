/** Tenants' registries as the engine reads them: compiled once, sent to each worker once. */

import { EMPTY_REGISTRY, listsOf, type Registry } from '../../domain/registry.js';
import { type RiskRegistry, registryWith } from '../../risk/index.js';

/** A compiled registry with a number, by which workers know it again. */
export interface Compiled {
  readonly id: number;
  readonly registry: RiskRegistry;
}

/** Compiles what is registered in a tenant on top of what the server itself knows, again when either changes. */
export class Registries {
  private readonly compiled = new WeakMap<
    Registry,
    { readonly base: RiskRegistry; readonly made: Compiled }
  >();
  private made = 0;

  constructor(private readonly base: () => RiskRegistry) {}

  of(registry: Registry): Compiled {
    const base = this.base();
    const before = this.compiled.get(registry);
    if (before !== undefined && before.base === base) return before.made;
    this.made += 1;
    const own = registry === EMPTY_REGISTRY ? base : registryWith(base, listsOf(registry));
    const made: Compiled = { id: this.made, registry: own };
    this.compiled.set(registry, { base, made });
    return made;
  }
}

/** Registries a worker keeps; then it starts over, so that many tenants do not fill it. */
const KEPT_MAX = 64;

/** What goes to a worker with a call: the registry's number, and the registry itself when it is new there. */
export interface RegistryMessage {
  readonly id: number;
  readonly registry: RiskRegistry | null;
  /** The worker drops all that it has before it takes this one. */
  readonly startOver: boolean;
}

/** What one worker has been sent, kept on the sending side. */
export class Sent {
  private readonly ids = new Set<number>();

  message({ id, registry }: Compiled): RegistryMessage {
    if (this.ids.has(id)) return { id, registry: null, startOver: false };
    const startOver = this.ids.size >= KEPT_MAX;
    if (startOver) this.ids.clear();
    this.ids.add(id);
    return { id, registry, startOver };
  }
}

/** What one worker keeps, on its own side. */
export class Kept {
  private readonly registries = new Map<number, RiskRegistry>();

  /** @throws Error when the registry was never sent */
  take({ id, registry, startOver }: RegistryMessage): RiskRegistry {
    if (startOver) this.registries.clear();
    if (registry !== null) this.registries.set(id, registry);
    const kept = this.registries.get(id);
    if (kept === undefined) throw new Error(`the registry ${id} was never sent`);
    return kept;
  }
}
