/** GraphQL in all the forms in which it is sent: what would be executed decides. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const railway = 'https://backboard.railway.app/graphql/v2';
const unknown = 'https://api.example.com/graphql';

const scoreOf = (command: string): { readonly tier: number; readonly points: number } => {
  const { tier, riskPoints } = assessCommand(command);
  return { tier, points: riskPoints };
};

/** A request with a document, an operation's name and variables as JSON. */
const post = (address: string, body: object | string): string =>
  `curl ${address} -d '${typeof body === 'string' ? body : JSON.stringify(body)}'`;

const padding = `# ${'harmless '.repeat(400)}\n`;
const manyFields = Array.from({ length: 250 }, (_, index) => `a${index}: __typename`).join(' ');

describe('a document', () => {
  it.each([
    ['with an alias', 'mutation { me: volumeDelete(volumeId: 1) }', 500],
    ['with a fragment', 'mutation { ...F } fragment F on Mutation { volumeDelete(volumeId: 1) }', 500],
    ['with a fragment in line', 'mutation { ... on Mutation { volumeDelete(volumeId: 1) } }', 500],
    ['behind a long comment', `${padding}mutation { volumeDelete(volumeId: 1) }`, 500],
    ['behind commas', ',,mutation { volumeDelete(volumeId: 1) }', 500],
    ['after more fields than are looked at', `mutation { ${manyFields} volumeDelete(volumeId: 1) }`, 500],
    ['with two deletions', 'mutation { volumeDelete(volumeId: 1) projectDelete(id: 1) }', 1000],
    ['that does not parse', 'mutation { volumeDelete(', 500],
    ['that only reads', 'query { me { name } }', 0],
    ['that only listens', 'subscription { deploymentEvents(id: 1) { id } }', 0],
    ['that changes nothing', 'mutation { __typename }', 0],
  ])('%s costs what it would execute', (_, query, points) => {
    expect(scoreOf(post(railway, { query })).points).toBe(points);
  });

  it.each([
    ['in a group of mutations', 'mutation { project { delete(id: 1) { id } } }', 4, 500],
    ['whose condition is empty', 'mutation { delete_users(where: {}) { affected_rows } }', 4, 150],
    [
      'whose condition says something',
      'mutation { delete_users(where: {id: {_eq: 1}}) { affected_rows } }',
      3,
      20,
    ],
    ['behind a long comment', `${padding}mutation { dropDatabase(id: 1) }`, 4, 500],
  ])('%s is judged by its names where the service is not known', (_, query, tier, points) => {
    expect(scoreOf(post(unknown, { query }))).toEqual({ tier, points });
  });

  it('takes its condition from the variables', () => {
    const query = 'mutation M($w: users_bool_exp!) { delete_users(where: $w) { affected_rows } }';
    expect(scoreOf(post(unknown, { query, variables: { w: {} } })).points).toBe(150);
    expect(scoreOf(post(unknown, { query, variables: { w: { id: 1 } } })).points).toBe(20);
  });
});

describe('several operations', () => {
  const query = 'query A { me { name } } mutation B { volumeDelete(volumeId: 1) }';

  it('are all counted unless one of them is named', () => {
    expect(scoreOf(post(railway, { query })).points).toBe(500);
    expect(scoreOf(post(railway, { query, operationName: 'B' })).points).toBe(500);
    expect(scoreOf(post(railway, { query, operationName: 'C' })).points).toBe(500);
    expect(scoreOf(post(railway, { query, operationName: 'A' })).points).toBe(0);
  });

  it('are each judged in a batch', () => {
    const one = { query: 'mutation { volumeDelete(volumeId: 1) }' };
    expect(scoreOf(post(railway, [one, one])).points).toBe(1000);
    expect(
      scoreOf(
        post(
          railway,
          Array.from({ length: 101 }, () => ({ query: '{ me { name } }' })),
        ),
      ).points,
    ).toBe(500);
  });
});

describe('a stored document', () => {
  it.each([
    ['by its hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } }],
    [
      'by its hash beside an empty text',
      { query: '', extensions: { persistedQuery: { sha256Hash: 'abc' } } },
    ],
    ['by its name', { documentId: 'DeleteIt', variables: {} }],
  ])('%s counts as the worst call', (_, body) => {
    expect(scoreOf(post(railway, body))).toEqual({ tier: 4, points: 500 });
    expect(scoreOf(post(unknown, body)).tier).toBe(3);
  });

  it('that says its name is judged by it', () => {
    expect(scoreOf(post(unknown, { documentId: 'x', operationName: 'DeleteProject' })).points).toBe(500);
  });
});

describe('other forms of sending', () => {
  const mutation = 'mutation{volumeDelete(volumeId:1)}';
  const parts = `--b\\r\\nContent-Disposition: form-data; name="operations"\\r\\n\\r\\n{"query":"${mutation}"}\\r\\n--b--`;

  it.each([
    `curl -H 'Content-Type: application/graphql' ${railway} -d '${mutation}'`,
    `curl '${railway}?query=${encodeURIComponent(mutation)}'`,
    `curl ${railway} -F operations='{"query":"${mutation}"}' -F map='{}'`,
    `curl ${railway} --data-binary $'${parts}'`,
    `curl ${railway} -d '{"type":"subscribe","payload":{"query":"${mutation}"}}'`,
    `wget -qO- --method=post --body-data='{"query":"${mutation}"}' ${railway}`,
    `http ${railway} query='${mutation}'`,
    `http --form ${railway} query='${mutation}'`,
    `http ${railway} 'query==${mutation}'`,
    `http POST ${railway} @body.json`,
    `https POST backboard.railway.app/graphql/v2 query=@m.graphql`,
  ])('%s costs 500 points', (command) => {
    expect(scoreOf(command).points).toBe(500);
  });

  it('reads a file that was sent along', () => {
    const files = { 'm.graphql': 'query { me { name } }' };
    expect(assessCommand(`http ${railway} query=@m.graphql`, { files }).riskPoints).toBe(0);
  });
});

describe('statements deeper in a body', () => {
  it.each([
    ['{"requests":[{"type":"execute","stmt":{"sql":"DROP TABLE users"}}]}', 150],
    ['{"queries":[{"query":"SELECT 1"},{"query":"DROP TABLE users"}]}', 150],
    ['{"statement":"SELECT 1"}', 0],
  ])('%s are read', (body, points) => {
    expect(scoreOf(`curl https://db.example.com/v2/pipeline -d '${body}'`).points).toBe(points);
  });
});
