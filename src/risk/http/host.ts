/** Which service an address belongs to. */
import type { Provider } from '../catalogue/provider.js';
import { PROVIDERS } from '../catalogue/providers.js';
import type { RegisteredHost, RiskRegistry } from '../registry.js';

interface KnownHost {
  readonly fits: RegExp;
  readonly provider: Provider;
}

const BY_PORT = new Map<string, Provider>();
/** By the last two labels, so that a request is compared with few patterns. */
const BY_DOMAIN = new Map<string, KnownHost[]>();
const BY_PATH = PROVIDERS.flatMap((provider) =>
  provider.paths === undefined ? [] : [{ fits: provider.paths, provider }],
);

for (const provider of PROVIDERS) {
  for (const host of provider.hosts) {
    if (host.startsWith('*:')) {
      BY_PORT.set(host.slice(2), provider);
      continue;
    }
    const domain = domainOf(host);
    const known = BY_DOMAIN.get(domain) ?? [];
    known.push({ fits: expressionOf(host), provider });
    BY_DOMAIN.set(domain, known);
  }
}

/** The catalogue's entry for a host with or without a port; null when there is none. */
export function providerOf(host: string): Provider | null {
  const [name = '', port] = plainHost(host).split(/:(?=\d+$)/);
  const named = BY_DOMAIN.get(domainOf(name))?.find(({ fits }) => fits.test(name))?.provider;
  return named ?? (port === undefined ? null : (BY_PORT.get(port) ?? null));
}

/** The entry of a service that has no host of its own and is known by its paths; null when there is none. */
export function providerOfPath(path: string): Provider | null {
  return BY_PATH.find(({ fits }) => fits.test(path))?.provider ?? null;
}

/** What an operator registered about the host of an address. */
export function registeredHost(registry: RiskRegistry, url: URL): RegisteredHost | null {
  return registry.hosts.find((entry) => hostFits(entry.host, url.host)) ?? null;
}

/** An address as the programs read it, without a protocol too; null when its host cannot be seen. */
export function urlOf(text: string): URL | null {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  try {
    const url = new URL(written);
    return url.hostname.includes('$') || url.hostname === '' || /^%24/.test(url.hostname) ? null : url;
  } catch {
    return null;
  }
}

/** True when a host, with or without a port, is one that an operator's pattern means. */
export function hostFits(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  const actual = plainHost(host);
  if (wanted.startsWith('*:')) return actual.endsWith(wanted.slice(1));
  const bare = wanted.includes(':') ? actual : actual.replace(/:\d+$/, '');
  return wanted.startsWith('*.') ? bare.endsWith(wanted.slice(1)) : bare === wanted;
}

/** In lower case and without the dot that a full name may end in. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=$|:\d+$)/, '');
}

function domainOf(host: string): string {
  return host.split('.').slice(-2).join('.');
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll('.', '\\.')
    .replaceAll('*', '.+')
    .replace(/\{([^}]*)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`);
}
