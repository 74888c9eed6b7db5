/** Which environment a call works on: from hosts, names, settings and what was chosen before, and nothing else. */
import { environmentOfName } from '../../src/risk/environment.js';
import { defaultRegistry, loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const drop = '-c "DROP TABLE t"';

/** The environments of what a command does that costs anything. */
const environmentsOf = (command: string): readonly string[] =>
  assessCommand(command)
    .effects.filter((effect) => effect.points > 0)
    .map((effect) => effect.environment);

describe('a call works on production when', () => {
  it.each([
    ['a host says so', `psql -h db.prod.example.com ${drop}`],
    ['a connection string says so', `psql postgres://u:p@db-prod.example.com/app ${drop}`],
    [
      'a long connection string says so',
      `psql "postgres://u:${'p'.repeat(300)}@db.prod.example.com/app" ${drop}`,
    ],
    ['settings of a connection say so', `psql "host=db.prod.internal dbname=app" ${drop}`],
    [
      'a remark only looks like another',
      `psql "postgres://u@db.prod.io/app?application_name=preprod" ${drop}`,
    ],
    ['a database says so', `psql -d app_production ${drop}`],
    ['a variable says so', `PGHOST=db.prod.example.com psql ${drop}`],
    [
      'a variable says so that is set before',
      `export DATABASE_URL=postgres://u@prod-db/app; psql $DATABASE_URL ${drop}`,
    ],
    ['a namespace says so', 'kubectl -n production delete deploy web'],
    ['a context says so', 'helm --kube-context prod uninstall web'],
    ['a project says so', 'gcloud --project acme-prod sql instances delete db'],
    ['a profile says so', 'AWS_PROFILE=production aws rds delete-db-instance --db-instance-identifier x'],
    ['a stack says so', 'pulumi destroy --stack acme/prod'],
    ['a name in one word says so', 'cdk destroy ProdStack'],
    ['a file of settings says so', 'terraform destroy -var-file=prod.tfvars'],
    ['the folder says so', 'cd infra/production && terraform destroy'],
    ['it was chosen before', 'terraform workspace select prod && terraform destroy'],
    ['it was chosen for the cluster', 'kubectl config use-context prod-eu && kubectl delete deploy web'],
    ['a branch is called that', 'git push --force origin production'],
    ['the machine is called that', 'ssh prod-web-1 "rm -rf /srv/app"'],
    ['the setting of a framework says so', 'RAILS_ENV=production bundle exec rails db:drop'],
    ['the setting of what a wrapper runs says so', 'NODE_ENV=production npx prisma migrate reset'],
    ['the path of a request says so', 'curl -X DELETE https://api.example.com/projects/acme-prod'],
    ['the query of a request says so', 'curl -X DELETE "https://api.example.com/users/7?env=production"'],
    ['a header says so', 'curl -X DELETE -H "X-Environment: production" https://api.example.com/users/7'],
    [
      'a mutation is sent there',
      `curl https://api.prod.example.com/graphql -d '{"query":"mutation { deleteUser(id: 1) }"}'`,
    ],
  ])('%s', (_, command) => {
    expect(environmentsOf(command)).toContain('production');
  });
});

describe('a call does not work on production', () => {
  it.each([
    'git push --force origin main',
    'git push origin fix/production-crash',
    'git push origin non-prod',
    `psql -h preprod.example.com ${drop}`,
    `psql -h db.staging.example.com ${drop}`,
    `psql -d products ${drop}`,
    `psql -d reproduction ${drop}`,
    'curl -X DELETE https://api.example.com/products/7',
    'kubectl -n product delete deploy web',
    'rm -rf /srv/production-data',
    'AWS_PROFILE=prod aws s3 ls && git push origin feature/x',
  ])('%s', (command) => {
    expect(environmentsOf(command)).not.toContain('production');
  });

  it('where prose only speaks of it', () => {
    expect(environmentOfName('a fix for production')).toBeNull();
  });
});

describe('what an operator registered', () => {
  const names = [{ name: 'staging-db', environment: 'staging' }];

  it('lowers what has that name', () => {
    const registry = defaultRegistry({ names: [{ name: 'prod-copy', environment: 'staging' }] });
    expect(assessCommand(`psql -h prod-copy ${drop}`, { registry }).riskPoints).toBe(150);
  });

  it('does not lower a call that only mentions it', () => {
    const registry = defaultRegistry({ names });
    expect(
      assessCommand(`NOTE=staging-db psql -h db.prod.example.com ${drop}`, { registry }).riskPoints,
    ).toBe(450);
  });

  it('raises what has that name', () => {
    const registry = defaultRegistry({ names: [...names, { name: 'db7', environment: 'production' }] });
    expect(assessCommand(`psql -h db7 -d staging-db ${drop}`, { registry }).riskPoints).toBe(450);
  });
});

describe('a credential for a whole control plane', () => {
  const change = (options: string): number =>
    assessCommand(`curl -X POST ${options} https://api.github.com/repos/a/b/issues -d '{}'`).riskPoints;

  it.each([
    "-H 'Authorization: Bearer x'",
    "-H 'authorization:token x'",
    "-H 'Cookie: session=x'",
    "-H 'PRIVATE-TOKEN: x'",
    "-H 'DD-API-KEY: x'",
    "-H 'X-Auth-Key: x'",
    "-H 'fly-api-token: x'",
    '-u user:password',
    '--oauth2-bearer x',
    '--netrc',
    '-b session=x',
    '--cert client.pem',
  ])('counts as %s', (options) => {
    expect(change(options)).toBe(15);
  });

  it('counts in the address', () => {
    const post = (address: string): number => assessCommand(`curl -X POST '${address}' -d '{}'`).riskPoints;
    expect(post('https://x:y@api.github.com/repos/a/b/issues')).toBe(15);
    expect(post('https://api.github.com/repos/a/b/issues?access_token=x')).toBe(15);
  });

  it.each(["-H 'Idempotency-Key: x'", "-H 'X-Request-Id: x'", "-H 'Accept: text/plain'"])(
    'is not %s',
    (options) => {
      expect(change(options)).toBe(5);
    },
  );

  it('is read from other programs too', () => {
    expect(
      assessCommand("http POST https://api.github.com/repos/a/b/issues 'Authorization: Bearer x' title=x")
        .riskPoints,
    ).toBe(15);
    expect(
      assessCommand(
        "wget --method=POST --header='Authorization: Bearer x' https://api.github.com/repos/a/b/issues",
      ).riskPoints,
    ).toBe(15);
  });
});
