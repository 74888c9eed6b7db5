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
      masterKey: null,
      adminKey: null,
      publicUrl: null,
      logLevel: 'info',
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
    ['another event store', { COUNTERSIGN_EVENT_STORE: 'esdb://x' }, 'not part of this version'],
    ['another read store', { COUNTERSIGN_READ_STORE: 'postgres://x' }, 'not part of this version'],
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

  it('binds to the world when it is asked to', () => {
    const config = readConfig({ COUNTERSIGN_HOST: '0.0.0.0', COUNTERSIGN_INSECURE_BIND: '1' });
    expect(config).toMatchObject({ host: '0.0.0.0', isLoopback: false });
  });
});
