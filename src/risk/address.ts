/** The gate's address, in whatever spelling a call has it. */
import { memo } from './memo.js';
import type { RiskRegistry } from './registry.js';

const LOOPBACK =
  /^(?:localhost|(?:.*\.)?localhost|ip6-(?:localhost|loopback)|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f:]+|0:0)\])$/i;
/** Public names that resolve to this machine, and the names that containers know it by. */
const LOOPBACK_NAMES =
  /^(?:(?:.*\.)?(?:localtest\.me|lvh\.me|vcap\.me)|(?:.*[.-])?127[.-]0[.-]0[.-]1\.(?:nip|sslip|xip)\.io|host\.docker\.internal|gateway\.docker\.internal|host\.containers\.internal)$/i;
const TEXT_LENGTH_MAX = 4_096;

/** True for the names and addresses of this machine itself, as a parsed URL spells them. */
export function isLoopback(hostname: string): boolean {
  const plain = hostname.replace(/\.$/, '');
  return LOOPBACK.test(plain) || LOOPBACK_NAMES.test(plain);
}

/** The port of a URL, that of its protocol when none is written. */
export function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

/** The base URLs of the gate that say where it listens. */
export const gatesOf = memo((registry: RiskRegistry): readonly URL[] =>
  registry.protected.urls.flatMap((text) => {
    const url = urlOf(text);
    return url === null || url.port === '0' ? [] : [url];
  }),
);

/** True when a text names both a host and a port of the gate, as in `TCP:127.1:0x1ec6` or `localhost 7878`. */
export function namesAddress(registry: RiskRegistry, text: string): boolean {
  const known = text.slice(0, TEXT_LENGTH_MAX);
  const ports = portsIn(known);
  if (ports.size === 0) return false;
  const gates = gatesOf(registry).filter((gate) => ports.has(portOf(gate)));
  if (gates.length === 0) return false;
  const hosts = hostsIn(known);
  return gates.some((gate) =>
    hosts.some((host) => host === gate.hostname || (isLoopback(host) && isLoopback(gate.hostname))),
  );
}

/** True when a text names a port of the gate, whatever the host. */
export function namesPort(registry: RiskRegistry, text: string): boolean {
  const ports = portsIn(text.slice(0, TEXT_LENGTH_MAX));
  return ports.size > 0 && gatesOf(registry).some((gate) => gate.port !== '' && ports.has(gate.port));
}

const NO_PORTS: ReadonlySet<string> = new Set();

/** Numbers that stand alone, decimal or hexadecimal. */
function portsIn(text: string): ReadonlySet<string> {
  if (!/\d/.test(text)) return NO_PORTS;
  const numbers = text.match(/(?<![\w.])(?:0x[0-9a-f]{1,8}|\d{1,8})(?![\w.])/gi) ?? [];
  return new Set(numbers.map((number) => String(Number(number))));
}

/** Every part that could be a host, spelled the way a URL spells it. */
function hostsIn(text: string): readonly string[] {
  const bracketed = text.match(/\[[0-9a-f:.]+\]/gi) ?? [];
  const tokens = text.split(/[\s/,=@'"()[\]]+/).filter((token) => token !== '');
  const addresses = tokens.filter((token) => /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(token));
  const names = tokens.flatMap((token) => token.split(':')).filter((name) => /^[\w.-]+$/.test(name));
  return [...bracketed, ...addresses.map((address) => `[${address}]`), ...names].flatMap((host) => {
    const url = urlOf(`http://${host}`);
    return url === null ? [] : [url.hostname];
  });
}

export function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
