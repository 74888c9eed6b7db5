/** Which connection strings the store on EventStoreDB takes, and what it refuses before anything is sent. */

import { Connection } from '../../src/adapters/event-store-eventstoredb/connection.js';
import { ConnectionStringError, settingsOf } from '../../src/adapters/event-store-eventstoredb/options.js';

const settings = (connectionString: string, insecureAllowed = false, streamPrefix = 'countersign-') =>
  settingsOf({ connectionString, insecureAllowed, streamPrefix, onTruncated: () => undefined });

describe('a connection string', () => {
  it.each([
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://localhost:2113?tls=false',
    'esdb://localhost?tls=false&keepAliveInterval=10000',
    'esdb://127.0.0.1:2113,127.0.0.1:2114?tls=false',
    'esdb://[::1]:2113?tls=false',
    'esdb://db.example:2113',
    'esdb://admin:changeit@db.example:2113?tlsCAFile=/etc/ca.crt',
    'esdb+discover://db.example:2113?tls=true',
  ])('is taken as %s', (text) => {
    expect(settings(text).connectionString).toContain(text);
  });

  it.each([
    'esdb://db.example:2113?tls=false',
    'esdb://db.example:2113?TLS=false',
    'esdb://db.example:2113?tls=true&t_l-s= false ',
    'esdb://db.example:2113/?keepAliveInterval=10000&tls=false',
    'esdb://127.0.0.1:2113,db.example:2113?tls=false',
    'esdb://127.0.0.1.example:2113?tls=false',
    'esdb://admin:localhost@db.example?tls=false',
    'esdb+discover://localhost:2113?tls=false',
  ])('without TLS that leaves this machine is refused unless it is allowed: %s', (text) => {
    expect(() => settings(text)).toThrow(ConnectionStringError);
    expect(settings(text, true).connectionString).toContain(text.replace(/\?.*/, ''));
  });

  it.each([
    '',
    'http://localhost',
    'esdb://',
    'postgres://db',
    'esdb:/localhost',
    'esdb://localhost:2113?tls=false@db.example:2113?tls=false',
  ])('is refused when it names no event store: "%s"', (text) => {
    expect(() => settings(text)).toThrow('is named by esdb://');
  });

  it('never shows its password in a refusal', () => {
    for (const text of ['esdb://admin:hunter2@db.example?tls=false', 'esdbx://admin:hunter2@db']) {
      expect(() => settings(text)).toThrow(expect.not.stringContaining('hunter2'));
    }
  });

  it('that its client does not understand is refused without being shown', () => {
    expect(() => new Connection('esdb://admin:hunter2@localhost:port')).toThrow(
      expect.objectContaining({
        name: 'ConnectionStringError',
        message: expect.not.stringContaining('hunter2'),
      }),
    );
  });

  it('searches for a leader long enough for an election, unless it says how long', () => {
    expect(settings('esdb://a,b,c').connectionString).toBe('esdb://a,b,c?maxDiscoverAttempts=50');
    expect(settings('esdb://a?tls=true').connectionString).toBe('esdb://a?tls=true&maxDiscoverAttempts=50');
    expect(settings('esdb://a,b?maxDiscoverAttempts=3').connectionString).toBe(
      'esdb://a,b?maxDiscoverAttempts=3',
    );
  });

  it.each(['', '$all', 'a b', 'a/b'])(
    'goes with a stream prefix that is a plain word, not "%s"',
    (prefix) => {
      expect(() => settings('esdb://localhost', false, prefix)).toThrow('a stream prefix');
    },
  );
});
