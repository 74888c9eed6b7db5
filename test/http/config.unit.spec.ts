/** The environment as a configuration: defaults, and one line for each problem. */

import { ConfigError, readConfig } from '../../src/config.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  it('has the defaults of a first start', () => {
    expect(readConfig({ HOME: '/home/x', XDG_STATE_HOME: '/state' })).toEqual({
      port: 7878,
      host: '127.0.0.1',
      isLoopback: true,
      dataDir: '/state/countersign',
      eventStore: null,
      masterKey: null,
      adminKey: null,
      mayChangeAdminKey: false,
      publicUrl: null,
      readStore: null,
      logLevel: 'info',
      trustedProxies: [],
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it('leaves the names of clients and tests alone', () => {
    const env = {
      COUNTERSIGN_URL: 'x',
      COUNTERSIGN_API_KEY: 'x',
      COUNTERSIGN_TEST_ANYTHING: 'x',
      OTHER: 'x',
    };
    expect(problemsOf(env)).toEqual([]);
  });

  it.each([
    ['an unknown name', { COUNTERSIGN_PROT: '1' }, 'COUNTERSIGN_PROT is not a known setting'],
    ['a port that is none', { COUNTERSIGN_PORT: '7878x' }, 'COUNTERSIGN_PORT must be'],
    ['a port out of range', { COUNTERSIGN_PORT: '65536' }, 'COUNTERSIGN_PORT must be 0 to 65535'],
    ['an empty host', { COUNTERSIGN_HOST: '' }, 'COUNTERSIGN_HOST must not be empty'],
    ['a short key', { COUNTERSIGN_ADMIN_KEY: 'short' }, 'COUNTERSIGN_ADMIN_KEY must have at least 32'],
    ['a log level that is none', { COUNTERSIGN_LOG_LEVEL: 'loud' }, 'COUNTERSIGN_LOG_LEVEL must be one of'],
    ['a URL that is none', { COUNTERSIGN_PUBLIC_URL: 'example' }, 'COUNTERSIGN_PUBLIC_URL must be an http'],
    ['an event store that is none', { COUNTERSIGN_EVENT_STORE: 'redis://x' }, 'must be "embedded", or like'],
    ['a read store that is none', { COUNTERSIGN_READ_STORE: 'mysql://x' }, 'must be sqlite, or a URL'],
    [
      'a read store far away without TLS',
      { COUNTERSIGN_READ_STORE: 'postgres://u:secret@db.example/x' },
      'goes to another machine without TLS',
    ],
    [
      'a read store with a schema that is no name',
      { COUNTERSIGN_READ_STORE: 'postgres://localhost/x?schema=a%22b' },
      'has a schema that is no name',
    ],
    [
      'a read store with a parameter that nobody knows',
      { COUNTERSIGN_READ_STORE: 'postgres://localhost/x?ssl=1' },
      'has a parameter that is not known',
    ],
    ['a bind to the world', { COUNTERSIGN_HOST: '0.0.0.0' }, 'COUNTERSIGN_INSECURE_BIND=1'],
  ])('refuses %s in one line', (_what, env, expected) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
    expect(problems[0]).not.toContain('\n');
  });

  it('names every problem at once', () => {
    expect(
      problemsOf({ COUNTERSIGN_PORT: 'x', COUNTERSIGN_LOG_LEVEL: 'y', COUNTERSIGN_Z: 'z' }),
    ).toHaveLength(3);
  });

  it.each([
    ['one address', '10.1.2.3', ['10.1.2.3']],
    ['addresses and networks', '10.1.0.0/16, ::1,fd00::/8', ['10.1.0.0/16', '::1', 'fd00::/8']],
    ['nobody', '', []],
  ])('trusts %s as proxies', (_what, text, expected) => {
    expect(readConfig({ COUNTERSIGN_TRUSTED_PROXIES: text }).trustedProxies).toEqual(expected);
  });

  it.each([
    'true',
    '*',
    'nginx',
    '1',
    'loopback',
    '0.0.0.0/0',
    '::/0',
    '10.1.0.0/33',
    '10.1.0.0/016',
    '10.1.0.0/255.255.0.0',
    '10.1.2.3/',
    '10.1.2.3/8/8',
    'fe80::1%eth0',
    '::ffff:0.0.0.0/96',
    '10.1.2.3,',
    '10.1.2.3;10.1.2.4',
  ])('trusts no proxy called %s', (text) => {
    const problems = problemsOf({ COUNTERSIGN_TRUSTED_PROXIES: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^COUNTERSIGN_TRUSTED_PROXIES has ".*", which is neither an address nor a network/,
    );
  });

  it('binds to the world when it is asked to', () => {
    const config = readConfig({ COUNTERSIGN_HOST: '0.0.0.0', COUNTERSIGN_INSECURE_BIND: '1' });
    expect(config).toMatchObject({ host: '0.0.0.0', isLoopback: false });
  });

  describe('of a cluster', () => {
    const KEYS = { COUNTERSIGN_MASTER_KEY: 'm'.repeat(32), COUNTERSIGN_ADMIN_KEY: 'a'.repeat(32) };
    const problemsWith = (address: string, more: Record<string, string> = {}) =>
      problemsOf({ ...KEYS, COUNTERSIGN_EVENT_STORE: address, ...more });

    it.each([
      ['one host', 'esdb://127.0.0.1:2113?tls=false', '127.0.0.1:2113'],
      ['a host of this machine without a port', 'esdb://localhost?tls=false', 'localhost'],
      ['several hosts', 'esdb://ops:secret@a:2113,b:2113,c:2113', 'a:2113, b:2113, c:2113'],
      [
        'a name to discover',
        'esdb+discover://ops:se%40cret@cluster.example:2113?tls=true',
        'cluster.example:2113',
      ],
      ['its younger name', 'kurrentdb://a:2113/?tls=true&nodePreference=leader', 'a:2113'],
    ])('takes %s', (_what, address, hosts) => {
      const { eventStore } = readConfig({ ...KEYS, COUNTERSIGN_EVENT_STORE: address });
      expect(eventStore).toEqual({
        connectionString: address.replace('kurrentdb', 'esdb'),
        isInsecureAllowed: false,
        hosts,
      });
    });

    it.each([
      ['no host', 'esdb://', 'must be "embedded", or like esdb://'],
      ['a user without a password', 'esdb://ops@a:2113', 'credentials that are not user:password'],
      ['a host that is none', 'esdb://a:2113:9', 'a host that is not name:port'],
      ['several hosts to discover', 'esdb+discover://a,b', 'more than one host'],
      ['an unknown option', 'esdb://ops:hunter2@a?tsl=false', 'has an option that is none of'],
      ['an option with a wrong value', 'esdb://ops:hunter2@a?tls=no', 'has a value for tls'],
      [
        'no encryption to another machine',
        'esdb://ops:hunter2@a?tls=false',
        'COUNTERSIGN_INSECURE_EVENT_STORE=1',
      ],
      ['that in other letters', 'esdb://ops:hunter2@a?TLS=false', 'COUNTERSIGN_INSECURE_EVENT_STORE=1'],
    ])('refuses %s in one line without the password', (_what, address, expected) => {
      const problems = problemsWith(address);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(expected);
      expect(problems[0]).not.toMatch(/hunter2|\n/);
    });

    it('goes unencrypted to another machine when it is asked to', () => {
      expect(problemsWith('esdb://a?tls=false', { COUNTERSIGN_INSECURE_EVENT_STORE: '1' })).toEqual([]);
    });

    it('needs the keys that all nodes share', () => {
      expect(problemsOf({ COUNTERSIGN_EVENT_STORE: 'esdb://a' })).toEqual([
        'COUNTERSIGN_MASTER_KEY is required with COUNTERSIGN_EVENT_STORE: every node has the same',
        'COUNTERSIGN_ADMIN_KEY is required with COUNTERSIGN_EVENT_STORE: every node has the same',
      ]);
    });
  });
});
