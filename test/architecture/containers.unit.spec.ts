/** The container files: settings that the server takes, pinned images, nobody root, everything bounded and checked. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Config, readConfig } from '../../src/config.js';
import { ROOT } from './sources.js';

interface Service {
  readonly image?: string;
  readonly user?: string;
  readonly build?: unknown;
  readonly restart?: string;
  readonly network_mode?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { ipv4_address: string }>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly pids_limit?: number;
  readonly security_opt?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const textOf = (name: string): string => readFileSync(join(ROOT, 'docker', name), 'utf8');
const composeOf = (name: string): Compose => parse(textOf(name), { merge: true });

/** What a shell makes of `${NAME:-otherwise}`, and of `${NAME:?…}` with something that is long enough for a key. */
const expanded = (text: string): string =>
  text.replace(/\$\{\w+(?::([-?])([^}]*))?\}/g, (_all, kind: string | undefined, otherwise: string) =>
    kind === '-' ? otherwise : 'x'.repeat(48),
  );

const imageEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    [...textOf('Dockerfile').matchAll(/(COUNTERSIGN_\w+)=(\S+)/g)]
      .filter(([, name]) => name !== 'COUNTERSIGN_INSECURE_BIND')
      .map(([, name = '', value = '']) => [name, value]),
  );

/** The configuration that a server has in a service. @throws ConfigError where a name or value is none of the server's */
function configOf({ environment = {} }: Service): Config {
  const given = Object.entries(environment).map(([name, value]) => [name, expanded(value)]);
  return readConfig({ ...imageEnvironment(), ...Object.fromEntries(given) });
}

describe.each(['compose.yaml', 'cluster.compose.yaml'])('docker/%s', (name) => {
  const compose = composeOf(name);
  const services = Object.entries(compose.services);
  /** Those that stay, and not the one that makes something and ends. */
  const lasting = services.filter(([, { restart }]) => restart !== 'no');
  const servers = services.filter(([, { image }]) => image?.startsWith('countersign:'));
  const failing = (among: typeof services, isRight: (service: Service) => boolean): string[] =>
    among.filter(([, service]) => !isRight(service)).map(([service]) => service);

  it('starts servers with settings that they take, on the ledger of the cluster', () => {
    expect(servers.length).toBeGreaterThan(0);
    for (const [, service] of servers) {
      const { eventStore, dataDir, masterKey } = configOf(service);
      expect(masterKey).not.toBeNull();
      expect(service.volumes?.some((volume) => volume.endsWith(`:${dataDir}`))).toBe(true);
      for (const host of eventStore?.hosts.split(', ') ?? ['none']) {
        expect(Object.keys(compose.services)).toContain(host.replace(/:\d+$/, ''));
      }
    }
  });

  it('pins every image to a version', () => {
    expect(failing(services, ({ image = '' }) => /:\d+\.\d+/.test(image))).toEqual([]);
  });

  it('runs nothing that stays as root', () => {
    expect(failing(lasting, ({ user = '0' }) => !/^(0|root)/.test(user))).toEqual([]);
    const isAlone = ({ user = '0', network_mode }: Service) =>
      !/^(0|root)/.test(user) || network_mode === 'none';
    expect(failing(services, isAlone)).toEqual([]);
  });

  it('asks everything that stays for its health, and waits for it', () => {
    expect(failing(lasting, ({ healthcheck }) => (healthcheck?.test.length ?? 0) > 0)).toEqual([]);
    for (const [, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const wanted = compose.services[other]?.restart === 'no' ? 'completed_successfully' : 'healthy';
        expect(condition).toBe(`service_${wanted}`);
      }
    }
  });

  it('bounds memory, processors and processes of everything', () => {
    const isBounded = ({ mem_limit, cpus, pids_limit, security_opt = [] }: Service): boolean =>
      Boolean(mem_limit && cpus && pids_limit) && security_opt.includes('no-new-privileges:true');
    expect(failing(services, isBounded)).toEqual([]);
  });

  it('uses volumes and networks that it declares, and all of them', () => {
    const isNamed = (volume: string): boolean => !volume.startsWith('.');
    const used = services.flatMap(([, { volumes = [] }]) => volumes.filter(isNamed));
    expect(new Set(used.map((volume) => volume.split(':')[0]))).toEqual(
      new Set(Object.keys(compose.volumes)),
    );
    const joined = services.flatMap(([, { networks = [] }]) =>
      Array.isArray(networks) ? networks : Object.keys(networks),
    );
    expect(new Set(joined)).toEqual(new Set(Object.keys(compose.networks)));
  });

  it('is reachable from this machine only, and the ledger not even from there', () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published);
    expect(ports).toHaveLength(1);
    expect(ports[0]).toMatch(/^127\.0\.0\.1:/);
    expect(compose.networks['ledger']).toEqual({ internal: true });
  });
});

describe('docker/nginx.conf', () => {
  it('knows the servers of the cluster, each once', () => {
    const named = [...textOf('nginx.conf').matchAll(/^\s*server ([\w-]+):7878/gm)].map(([, host]) => host);
    const servers = Object.entries(composeOf('cluster.compose.yaml').services)
      .filter(([, { image }]) => image?.startsWith('countersign:'))
      .map(([service]) => service);
    expect(named).toEqual(servers);
  });

  it('tells the servers of the cluster where a request comes from, and they believe it alone', () => {
    expect(textOf('nginx.conf')).toMatch(
      /^ *proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;$/m,
    );
    const { services } = composeOf('cluster.compose.yaml');
    const { networks } = services['proxy'] ?? {};
    const addresses = Object.values(networks ?? {}).map(({ ipv4_address }) => ipv4_address);
    expect(addresses).toHaveLength(1);
    for (const service of Object.values(services)) {
      if (service.image?.startsWith('countersign:'))
        expect(configOf(service).trustedProxies).toEqual(addresses);
    }
  });

  it('closes every brace', () => {
    const code = textOf('nginx.conf').replace(/#.*$/gm, '');
    expect(code.split('{').length).toBe(code.split('}').length);
  });
});

describe('docker/Dockerfile', () => {
  it('names a whole version of Node, which the program supports', () => {
    const [, version = ''] = /^ARG NODE_VERSION=(.*)$/m.exec(textOf('Dockerfile')) ?? [];
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(20);
  });

  it('ends as somebody who is not root', () => {
    expect(
      textOf('Dockerfile')
        .match(/^USER .*$/gm)
        ?.at(-1),
    ).toBe('USER node');
  });
});
