/** Recognises the environment a call is aimed at, from names and from what operators registered. */
import type { Finding } from './finding.js';
import type { RiskRegistry } from './registry.js';

const PRODUCTION = /(?:^|[^a-z0-9])(?:prod|production|prd)(?:[^a-z]|$)/i;
const STAGING =
  /(?:^|[^a-z0-9])(?:staging|stage|stg|preprod|preview|sandbox|test|dev|development)(?:[^a-z]|$)/i;
/** In every name that speaks of an environment. */
const HINT = /prd|prod|pre|st(?:g|ag)|sandbox|test|dev/i;
const NAME_LENGTH_MAX = 200;

export const PRODUCTION_FACTOR = 3;

/** The environment a single name speaks of; null when it speaks of none. */
export function environmentOfName(name: string): 'production' | 'staging' | null {
  if (!HINT.test(name) || name.length > NAME_LENGTH_MAX || /\s/.test(name)) return null;
  if (PRODUCTION.test(name) && !/(?:pre|non)[-_]?prod/i.test(name)) return 'production';
  return STAGING.test(name) ? 'staging' : null;
}

export interface EnvironmentVerdict {
  readonly environment: string;
  readonly factor: number;
  readonly reason: string;
}

/**
 * The environment of one finding. What an operator registered wins; otherwise the client's context and
 * the names in the call can only raise the factor, never lower it.
 */
export function environmentOf(
  found: Finding,
  context: Readonly<Record<string, string>>,
  registry: RiskRegistry,
): EnvironmentVerdict {
  const registered = found.registeredEnvironment ?? registeredName(found, registry);
  if (registered !== null) {
    return verdict(registered, 'An operator registered the target for this environment.');
  }
  const stated = context.environment ?? '';
  if (isProduction(stated)) return verdict('production', 'The harness says that it works on production.');
  const named = found.names.map(environmentOfName);
  if (named.includes('production')) return verdict('production', 'A name in the call speaks of production.');
  if (stated !== '') return verdict(stated, 'The harness says so.');
  return verdict(named.includes('staging') ? 'staging' : 'unknown', 'No sign of production.');
}

function verdict(environment: string, reason: string): EnvironmentVerdict {
  const production = isProduction(environment);
  return {
    environment: production ? 'production' : environment,
    factor: production ? PRODUCTION_FACTOR : 1,
    reason,
  };
}

function isProduction(environment: string): boolean {
  return environmentOfName(environment) === 'production' || environment.toLowerCase() === 'live';
}

function registeredName(found: Finding, registry: RiskRegistry): string | null {
  for (const entry of registry.names) {
    const wanted = entry.name.toLowerCase();
    if (found.names.some((name) => name.toLowerCase() === wanted)) return entry.environment;
  }
  return null;
}
