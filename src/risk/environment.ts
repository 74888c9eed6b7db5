/** Recognises the environment a call is aimed at, from names and from what operators registered. */
import type { Finding } from './finding.js';
import { memo } from './memo.js';
import type { RiskRegistry } from './registry.js';

const PRODUCTION = /(?:^|[^a-z0-9])(?:prod|production|prd)(?:[^a-z]|$)/i;
const STAGING =
  /(?:^|[^a-z0-9])(?:staging|stage|stg|preprod|preview|sandbox|test|dev|development)(?:[^a-z]|$)/i;
/** In every name that speaks of an environment. */
const HINT = /prd|prod|pre|st(?:g|ag)|sandbox|test|dev/i;
const NAME_LENGTH_MAX = 500;
/** `ProdStack`, `acmeProd`. */
const PRODUCTION_IN_CAMEL_CASE = /(?:^|[a-z0-9])(?:Prod|Production)(?:[A-Z]|$)/;
/** What comes before production and is not it. */
const NOT_PRODUCTION = /(?:pre|non|not)[-_.]?prod(?:uction)?/gi;
/** Branches that are worked on, whatever they are about. */
const WORKING_BRANCH =
  /^(?:[+:]|HEAD:|refs\/heads\/|origin\/)*(?:feat|feature|fix|bugfix|hotfix|chore|docs|refactor|test|tests|ci|perf|style|build|dependabot|renovate)\//i;
const CREDENTIALS = /\/\/[^@/\s]*@/;
/** `host=db.prod.internal dbname=app`. */
const SETTINGS = /^(?:\w+=\S*\s+)+\w+=\S*$/;

export const PRODUCTION_FACTOR = 3;

/** The environment a single name speaks of; null when it speaks of none. */
export function environmentOfName(name: string): 'production' | 'staging' | null {
  if (!HINT.test(name)) return null;
  const plain = name.replace(CREDENTIALS, '//').slice(0, NAME_LENGTH_MAX);
  if (/\s/.test(plain)) return SETTINGS.test(plain) ? environmentOfSettings(plain) : null;
  const rest = plain.replace(NOT_PRODUCTION, '');
  const production = PRODUCTION.test(rest) || PRODUCTION_IN_CAMEL_CASE.test(rest);
  if (production && !WORKING_BRANCH.test(rest)) return 'production';
  return STAGING.test(plain) ? 'staging' : null;
}

function environmentOfSettings(text: string): 'production' | 'staging' | null {
  const named = text.split(/\s+/).map(environmentOfName);
  return named.find((one) => one === 'production') ?? named.find((one) => one !== null) ?? null;
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
  const named = registeredName(found, registry);
  const isWorse = named !== null && isProduction(named);
  const registered = isWorse ? named : (found.registeredEnvironment ?? named);
  if (registered !== null) {
    return verdict(registered, 'An operator registered the target for this environment.');
  }
  const stated = context.environment ?? '';
  if (isProduction(stated)) return verdict('production', 'The harness says that it works on production.');
  const spoken = found.names.map(environmentOfName);
  if (spoken.includes('production')) return verdict('production', 'A name in the call speaks of production.');
  if (stated !== '') return verdict(stated, 'The harness says so.');
  return verdict(spoken.includes('staging') ? 'staging' : 'unknown', 'No sign of production.');
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

/** Environments by name, in lower case; the earlier entry wins. */
const registeredNames = memo(
  ({ names }: RiskRegistry): ReadonlyMap<string, string> =>
    new Map(names.toReversed().map((entry) => [entry.name.toLowerCase(), entry.environment])),
);

/**
 * What operators registered of the names of one finding. Production wins over all else, and a name that speaks of
 * production and is not registered keeps the others from lowering anything, since any call may name them.
 */
function registeredName({ names }: Finding, registry: RiskRegistry): string | null {
  if (registry.names.length === 0) return null;
  const environments = registeredNames(registry);
  const known = names.map((name) => environments.get(name.toLowerCase()));
  const production = known.find((environment) => environment !== undefined && isProduction(environment));
  if (production !== undefined) return production;
  const hinted = names.some(
    (name, at) => known[at] === undefined && environmentOfName(name) === 'production',
  );
  return hinted ? null : (known.find((environment) => environment !== undefined) ?? null);
}
