/** A secret that is planted anywhere in a call is nowhere in what is said and kept of it. */
import fc from 'fast-check';
import {
  assessRedacted,
  defaultRegistry,
  loadParsers,
  plainProfile,
  redactFields,
} from '../../src/risk/index.js';
import { type Surroundings, toolCall } from './bench.js';

beforeAll(loadParsers);

type Plant = (secret: string) => unknown;

/** Commands with a secret in them, each in another place or spelling. */
const COMMANDS: readonly Plant[] = [
  (s) => `railway login --token ${s}`,
  (s) => `railway login --token=${s}`,
  (s) => `docker login -u me -p ${s} registry.example.com`,
  (s) => `docker login --password ${s}`,
  (s) => `echo ${s} | docker login --password-stdin -u me`,
  (s) => `echo ${s} | gh auth login --with-token`,
  (s) => `echo ${s} | sudo -S rm -rf /var/x`,
  (s) => `curl -H Authorization:\\ Bearer\\ ${s} https://api.example.com`,
  (s) => `curl -H "Authorization: Bearer ${s}" https://api.example.com`,
  (s) => `curl -H 'X-Api-Key: ${s}' https://api.example.com`,
  (s) => `curl -H "Authorization: Bearer "${s} https://api.example.com`,
  (s) => `curl -u user:${s} https://api.example.com`,
  (s) => `curl -uuser:${s} https://api.example.com`,
  (s) => `curl --oauth2-bearer ${s} https://api.example.com`,
  (s) => `curl -b session=${s} https://api.example.com`,
  (s) => `curl https://user:${s}@api.example.com/x`,
  (s) => `curl 'https://api.example.com/x?access_token=${s}'`,
  (s) => `curl -d '{"auth":{"bearer":"${s}"}}' https://api.example.com`,
  (s) => `curl -d '{"credentials":{"value":"${s}"}}' https://api.example.com`,
  (s) => `curl -d password=${s} https://api.example.com/login`,
  (s) => `curl https://hooks.slack.com/services/T00000000/B00000000/${s}`,
  (s) => `psql -c "ALTER USER app PASSWORD '${s}'"`,
  (s) => `psql -c "CREATE ROLE app WITH LOGIN ENCRYPTED PASSWORD '${s}'"`,
  (s) => `psql -c 'ALTER USER app PASSWORD '\\''${s}'\\'''`,
  (s) => `mysql -e "CREATE USER a IDENTIFIED BY '${s}'"`,
  (s) => `psql <<EOF\nALTER USER app PASSWORD '${s}';\nEOF`,
  (s) => `psql postgres://app:${s}@db.example.com/app -c 'DROP TABLE t'`,
  (s) => `psql "host=db password=${s} dbname=app"`,
  (s) => `aws configure set aws_secret_access_key ${s}`,
  (s) => `npm config set //registry.example.com/:_authToken ${s}`,
  (s) => `git config --global my.token ${s}`,
  (s) => `mysql -u root -p${s} app`,
  (s) => `mysqldump --password=${s} app`,
  (s) => `PGPASSWORD=${s} psql -c 'DROP TABLE t'`,
  (s) => `export GITHUB_TOKEN=${s}`,
  (s) => `export TOKEN_PROD="${s}"; ./deploy.sh`,
  (s) => `X=${s}; railway login --token "$X"`,
  (s) => `bash -c 'railway login --token ${s}'`,
  (s) => `env API_KEY=${s} node deploy.js`,
  (s) => `sshpass -p ${s} ssh host uptime`,
  (s) => `sshpass -p${s} ssh host uptime`,
  (s) => `redis-cli -a ${s} FLUSHALL`,
  (s) => `vault login ${s}`,
  (s) => `kubectl create secret generic x --from-literal=anything=${s}`,
  (s) => `fly secrets set ANYTHING=${s}`,
  (s) => `gh secret set NAME --body ${s}`,
  (s) => `zip -P ${s} x.zip a`,
  (s) => `7z a -p${s} x.7z a`,
  (s) => `openssl enc -aes-256-cbc -k ${s} -in a -out b`,
  (s) => `openssl rsa -in a.pem -passin pass:${s}`,
  (s) => `htpasswd -b file user --password ${s}`,
  (s) => `unknown-tool --passphrase ${s} --verbose`,
  (s) => `unknown-tool --signing-key ${s}`,
  (s) => `terraform apply -var db_password=${s}`,
  (s) =>
    `python3 -c "import requests; requests.post('https://x.example.com', headers={'Authorization': 'Bearer ${s}'})"`,
  (s) => `node -e "const password = '${s}'; connect(password)"`,
  (s) => `git clone https://x-access-token:${s}@github.com/a/b`,
  (s) => `printf '%s' '-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----' > k`,
  (s) => `echo "export API_TOKEN=${s}" >> ~/.bashrc`,
  (s) => `sudo railway login --token ${s} && rm -rf /srv/${s}`,
];

/** Arguments of tools with a secret in them. */
const INPUTS: readonly Plant[] = [
  (s) => ({ pass: s }),
  (s) => ({ credentials: { value: s } }),
  (s) => ({ credentials: { user: 'me', secret_value: [s] } }),
  (s) => ({ auth: { bearer: s } }),
  (s) => ({ auth: { type: 'bearer', inner: { deep: s } } }),
  (s) => ({ url: 'https://x.example.com', headers: { authorization: s } }),
  (s) => ({ url: 'https://x.example.com', headers: { Authorization: `Bearer ${s}` } }),
  (s) => ({ url: 'https://x.example.com', headers: [`X-Auth-Token: ${s}`] }),
  (s) => ({ url: `https://x.example.com/?api_key=${s}`, method: 'DELETE' }),
  (s) => ({ connection_string: `Server=db;User=app;Password=${s};` }),
  (s) => ({ dsn: `postgres://app:${s}@db.example.com/app`, query: 'DROP TABLE t' }),
  (s) => ({ sql: `ALTER USER app PASSWORD '${s}'` }),
  (s) => ({ args: ['login', '--token', s] }),
  (s) => ({ command: ['railway', 'login', '--token', s] }),
  (s) => ({ env: [{ name: 'API_KEY', value: s }] }),
  (s) => ({ env: { DATABASE_PASSWORD: s } }),
  (s) => ({ payload: JSON.stringify({ login: { password: s } }) }),
  (s) => ({ tokens: [s] }),
  (s) => ({ password: s, note: `the password is ${s}, do not lose it` }),
  (s) => JSON.stringify({ client_secret: s }),
  (s) => [{ refreshToken: s }],
];

/** What generators of secrets make: hexadecimal, letters and digits, base64, with punctuation. */
const secrets: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{24,40}$/),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{11,30}[0-9]$/),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{14,40}[0-9]$/),
  fc.stringMatching(/^[a-z]{14,20}$/),
);

const recorded = (input: unknown, around: Surroundings = {}, tool = 'mcp__x__do'): string =>
  JSON.stringify(assessRedacted(toolCall(tool, input, around), defaultRegistry(), plainProfile()));

describe('a secret', () => {
  it.each(COMMANDS)('is not kept of a command: %s', (plant) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(recorded({ command: plant(secret) }, {}, 'Shell')).not.toContain(secret);
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it.each(INPUTS)('is not kept of arguments: %s', (plant) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(recorded(plant(secret))).not.toContain(secret);
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it('is known from a file or the context wherever the call repeats it', () => {
    const secret = 'Zx81kQpLm20aaY';
    const files = { '.env': `DB_PASSWORD=${secret}\n` };
    expect(recorded({ command: `some-tool ${secret}` }, { files }, 'Shell')).not.toContain(secret);
    const context = { token: secret };
    expect(recorded({ command: `some-tool ${secret}` }, { context }, 'Shell')).not.toContain(secret);
  });

  it('is not left over where a target is cut to its length', () => {
    const secret = 'Zx81kQpLm20aaYbW93';
    for (let length = 100; length < 170; length += 1) {
      const command = `railway login ${'x'.repeat(length)} --token ${secret}`;
      expect(recorded({ command }, {}, 'Shell')).not.toContain(secret.slice(0, 6));
    }
  });

  it('is taken out of what a client says about a call', () => {
    expect(
      redactFields({ token: 'abc', environment: 'staging', note: 'Bearer abcdefgh1234', api_key: '' }),
    ).toEqual({ token: '[redacted]', environment: 'staging', note: 'Bearer [redacted]', api_key: '' });
  });
});

describe('what is no secret', () => {
  const kept: readonly unknown[] = [
    { volumeId: '3d2c42fb-aaaa-bbbb-cccc-1234567890ab', token_id: 'tok_1', max_tokens: 100 },
    { credentials: { user: 'deploy', type: 'basic' } },
    { secret_name: 'db', SecretId: 'prod/db', key: 'users/7', tokens: true },
    { command: 'git commit -m "set token refresh interval"' },
    { command: 'kubectl get secret db -o yaml' },
    { command: 'git checkout 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b' },
    { command: 'docker run -p 8080:80 -u 1000:1000 node:20' },
    { command: 'aws ec2 terminate-instances --instance-ids i-0123456789abcdef0' },
    { command: 'npm run test -- --testPathPatterns secrets' },
    { command: 'psql postgres://postgres@localhost/postgres -c "SELECT 1"' },
    { command: 'PORT=3000 NODE_ENV=test npm start' },
    { file_path: 'src/auth/token.ts', old_string: 'const token = readToken();' },
  ];

  it.each(kept)('stays as it is: %j', (input) => {
    const { redactedInput } = assessRedacted(
      toolCall('mcp__x__do', input),
      defaultRegistry(),
      plainProfile(),
    );
    expect(redactedInput).toEqual(input);
  });
});
