/** Secrets leave the record, identifiers stay, and spans follow. */
import {
  assessRedacted,
  defaultRegistry,
  loadParsers,
  plainProfile,
  redact,
  redactText,
} from '../../src/risk/index.js';
import { toolCall } from './bench.js';

beforeAll(loadParsers);

/** A value of each format, put together here so that no scanner takes this file for a leak. */
const glued = (...parts: string[]): string => parts.join('');
const github = glued('gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2');
const amazon = glued('AK', 'IA', 'ABCDEFGHIJKLMNOP');
const openai = glued('sk', '-proj-', 'abcdefghijklmnopqrst');
const slack = glued('xo', 'xb-', '1234567890-abcdef');
const gitlab = glued('glp', 'at-', 'abcdefghijklmnopqrst');
const webToken = glued('ey', 'JhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0', '.c2lnbmF0dXJl');
const own = glued('cyc', '_live_', 'abcdef123456');
const privateKey = glued('-----BEGIN RSA ', 'PRIVATE KEY-----\nabc\n-----END RSA ', 'PRIVATE KEY-----');

describe('secrets', () => {
  const rows: readonly (readonly [text: string, secret: string])[] = [
    [`echo ${github}`, github],
    [`echo ${amazon}`, amazon],
    [`echo ${openai}`, openai],
    [`echo ${slack}`, slack],
    [`echo ${gitlab}`, gitlab],
    [`echo ${webToken}`, webToken],
    [`echo ${own}`, own],
    [`echo "${privateKey}"`, 'abc'],
    ['curl -H "Authorization: Bearer s3cr3tvalue" x.com', 's3cr3tvalue'],
    ["curl -H 'authorization: Basic dXNlcjpwYXNz' x.com", 'dXNlcjpwYXNz'],
    ["curl -H 'X-Api-Key: 5ecret' x.com", '5ecret'],
    ["curl -H 'Cookie: session=5ecret' x.com", '5ecret'],
    ['curl -b session=5ecret x.com', '5ecret'],
    ['curl -u admin:5ecret x.com', '5ecret'],
    ['curl https://admin:5ecret@x.com/', '5ecret'],
    ['tool --token 5ecret run', '5ecret'],
    ['tool --password=5ecret run', '5ecret'],
    ["tool --api-key '5ecret value' run", '5ecret value'],
    ['PGPASSWORD=5ecret psql', '5ecret'],
    ['export AWS_SECRET_ACCESS_KEY=5ecret', '5ecret'],
    ['psql postgres://app:5ecret@db/app', '5ecret'],
    ['Server=db;Password=5ecret;Database=x', '5ecret'],
    ['mysql -u root -p5ecret app', '5ecret'],
    ['redis-cli -a 5ecret ping', '5ecret'],
    ['sshpass -p 5ecret ssh host', '5ecret'],
    ['{"client_secret":"5ecret"}', '5ecret'],
    ['{\\"password\\":\\"5ecret\\"}', '5ecret'],
    ['https://x.com/?access_token=5ecret&id=7', '5ecret'],
  ];

  it.each(rows)('%s keeps nothing of it', (text, secret) => {
    const redacted = redactText(text);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain('[redacted]');
  });

  const harmless = [
    'volumeDelete(volumeId: "3d2c42fb-aaaa-bbbb-cccc-1234567890ab")',
    'docker run -u 1000:1000 node:20',
    'git commit -m "rotate the token of the service"',
    'curl -H "Authorization: Bearer $TOKEN" x.com'.replace('$TOKEN', '$RAILWAY_TOKEN'),
    '{"max_tokens":100,"idempotency_key":"toolu_01","key_id":"key_01"}',
    'kubectl -n web get pods',
    'ssh git@github.com',
    'aws ec2 terminate-instances --instance-ids i-0123456789abcdef0',
  ];

  it.each(harmless)('%s stays as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('are found by the name of the field and after a flag in a list', () => {
    const { input } = redact(
      toolCall('x', {
        headers: { Authorization: 'anything' },
        args: ['--token', 'anything', '-u', 'a:b'],
        list: [{ name: 'API_KEY', value: 'v' }],
      }),
    );
    expect(input).toEqual({
      headers: { Authorization: '[redacted]' },
      args: ['--token', '[redacted]', '-u', 'a:[redacted]'],
      list: [{ name: 'API_KEY', value: '[redacted]' }],
    });
  });

  it('leave the files that were sent along as well', () => {
    const { files } = redact(toolCall('x', {}, { files: { '.env': 'DB_PASSWORD=5ecret\nPORT=80' } }));
    expect(files[0]?.content).toBe('DB_PASSWORD=[redacted]\nPORT=80');
  });
});

describe('a recorded assessment', () => {
  it('points into the redacted text', () => {
    const command = `TOKEN=${github} && curl -H "Authorization: Bearer s3cr3tvalue" https://x.com && rm -rf /usr/lib`;
    const { assessment, redactedInput } = assessRedacted(
      toolCall('Shell', { command }),
      defaultRegistry(),
      plainProfile(),
    );
    const text = (redactedInput as { command: string }).command;
    const removal = assessment.effects.find((effect) => effect.verb === 'delete');
    expect(text.slice(removal?.span?.start, removal?.span?.end)).toBe('/usr/lib');
    expect(JSON.stringify(assessment)).not.toContain('s3cr3tvalue');
    expect(text).not.toContain(github);
  });

  it('keeps at most 16 KiB and marks what was cut', () => {
    const long = toolCall('Write', { file_path: 'a.txt', content: 'é"x'.repeat(40_000), more: [1, 2, 3] });
    const short = assessRedacted(long, defaultRegistry(), plainProfile());
    expect(short.truncated).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(short.redactedInput))).toBeLessThanOrEqual(16 * 1024);
    expect(JSON.stringify(short.redactedInput)).toContain('more characters]');
    expect(short.whole).toBeNull();
  });

  it('has all of a call of up to 64 KiB for whoever is asked about it, without its secrets', () => {
    const command = `echo ${'a'.repeat(20_000)}; TOKEN=${github} rm -rf /usr/lib`;
    const { truncated, whole } = assessRedacted(
      toolCall('Shell', { command }),
      defaultRegistry(),
      plainProfile(),
    );
    expect(truncated).toBe(true);
    const text = String((whole?.input as { command?: string } | undefined)?.command);
    const removal = whole?.assessment.effects.find((effect) => effect.verb === 'delete');
    expect(text.slice(removal?.span?.start, removal?.span?.end)).toBe('/usr/lib');
    expect(text).not.toContain(github);
    const brief = toolCall('Shell', { command: 'ls' });
    expect(assessRedacted(brief, defaultRegistry(), plainProfile()).whole).toBeNull();
  });

  it('never shows a secret in a target or a reason', () => {
    const command =
      'curl -X POST https://admin:5ecret99@api.example.com/items?access_token=5ecret99 -d x=1 && psql -c "SELECT 1" postgres://a:5ecret99@h/d && unknown --password 5ecret99';
    const { assessment } = assessRedacted(toolCall('Shell', { command }), defaultRegistry(), plainProfile());
    expect(JSON.stringify(assessment)).not.toContain('5ecret99');
  });
});
