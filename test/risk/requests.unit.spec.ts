/** Requests to hosts that no entry of the catalogue covers: judged by what can be seen of them. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const scoreOf = (command: string): { readonly tier: number; readonly points: number } => {
  const { tier, riskPoints } = assessCommand(command);
  return { tier, points: riskPoints };
};

const api = 'https://api.example.com';

describe('an operation named in the address or the body', () => {
  it.each([
    [`curl '${api}/x.php?action=delete&id=7'`, 3, 20],
    [`curl '${api}/rpc?action=delete&type=database'`, 4, 500],
    [`curl '${api}/?method=database.drop'`, 4, 500],
    [`curl -G ${api}/users -d action=delete -d id=7`, 3, 20],
    [`curl '${api}/users/7?delete=1'`, 3, 20],
    [`curl '${api}/deleteUser?id=7'`, 3, 20],
    [`curl -H 'Authorization: Bearer x' ${api}/dropDatabase`, 4, 500],
    [`curl ${api}/rpc -d '{"jsonrpc":"2.0","method":"deleteDatabase","id":1}'`, 4, 500],
    [`curl ${api}/mcp -d '{"method":"tools/call","params":{"name":"delete_project"}}'`, 4, 500],
    [`curl -X POST ${api}/v1/disks/d1:delete`, 4, 500],
    [`curl -H 'X-Amz-Target: Some_2020.DeleteCluster' ${api} -d '{}'`, 4, 500],
  ])('%s says what it does', (command, tier, points) => {
    expect(scoreOf(command)).toEqual({ tier, points });
  });

  it.each([
    `curl '${api}/w/index.php?action=raw&title=Delete'`,
    `curl '${api}/search?q=delete+database'`,
    `curl ${api}/docs/reference/delete-database`,
    `curl ${api}/docs/deleteUser.html`,
    `curl '${api}/items?deleted=false'`,
    `curl '${api}/?method=photos.getInfo'`,
    `curl '${api}/v1/things?action=list'`,
    `curl '${api}/orders?status=open'`,
  ])('%s only reads', (command) => {
    expect(scoreOf(command)).toEqual({ tier: 0, points: 0 });
  });

  it('is judged one by one where a batch names several', () => {
    const batch = '[{"jsonrpc":"2.0","method":"dropDatabase"},{"jsonrpc":"2.0","method":"deleteVolume"}]';
    expect(scoreOf(`curl ${api}/rpc -d '${batch}'`)).toEqual({ tier: 4, points: 1000 });
  });
});

describe('the method that a server is told to take instead', () => {
  it.each([
    [`curl -X POST '${api}/databases/7?_method=DELETE'`, 4, 500],
    [`curl ${api}/databases/7 -d _method=delete`, 4, 500],
    [`curl ${api}/databases/7 -d '{"_method":"DELETE"}'`, 4, 500],
    [`curl -H 'X-HTTP-Method: DELETE' ${api}/databases/7`, 4, 500],
  ])('%s counts', (command, tier, points) => {
    expect(scoreOf(command)).toEqual({ tier, points });
  });

  it('never makes a request milder', () => {
    expect(scoreOf(`curl -X DELETE -H 'X-HTTP-Method-Override: GET' ${api}/databases/7`).points).toBe(500);
    expect(scoreOf(`curl -X DELETE '${api}/databases/7?_method=PATCH'`).points).toBe(500);
  });
});

describe('requests within a request', () => {
  it.each([
    [`curl ${api}/\\$batch -d '{"requests":[{"id":"1","method":"DELETE","url":"/databases/7"}]}'`, 500],
    [
      `curl ${api}/batch -d '[{"method":"delete","relative_url":"databases/7"},{"method":"GET","relative_url":"me"}]'`,
      500,
    ],
    [`curl ${api} -F 'batch=[{"method":"DELETE","relative_url":"databases/7"}]'`, 500],
    [
      `curl ${api}/batch --data-binary $'--b\\r\\nContent-Type: application/http\\r\\n\\r\\nDELETE /databases/7 HTTP/1.1\\r\\n\\r\\n--b\\r\\n\\r\\nDELETE /volumes/8\\r\\n\\r\\n--b--'`,
      1000,
    ],
  ])('%s are each judged', (command, points) => {
    expect(scoreOf(command).points).toBe(points);
  });
});

describe('a service that is reached by another name', () => {
  const mutation = `-d '{"query":"mutation { serviceInstanceRedeploy(serviceId: 1) }"}'`;

  it.each([`-H 'Host: backboard.railway.app' https://203.0.113.7/graphql/v2`])(
    '%s is that service',
    (where) => {
      expect(scoreOf(`curl ${where} ${mutation}`)).toEqual({ tier: 4, points: 50 });
    },
  );
});

describe('what curl makes of its options', () => {
  const del = '"query":"mutation { volumeDelete(volumeId: 1) }"';
  const railway = 'https://backboard.railway.app/graphql/v2';

  it.each([
    [`curl -X delete ${api}/databases/7`, 500],
    [`curl ${api}/ok --next -X DELETE ${api}/databases/7`, 500],
    [`curl ${api}/ok -: -X DELETE ${api}/databases/7 -: ${api}/ok`, 500],
    [`curl '${api}/databases/{7,8}' -X DELETE`, 1000],
    [`curl '${api}/databases/[1-3]' -X DELETE`, 1500],
    [`curl '${api}/{databases,volumes}/[1-2]' -X DELETE`, 2000],
    [`curl -X DELETE --request-target /databases/7 ${api}/ok`, 500],
    [`curl --url-query action=dropDatabase ${api}/x`, 500],
    [`curl --json '{${del}}' ${railway}`, 500],
    [
      `curl -K - <<< 'url = ${railway}
data = "{}"'`,
      500,
    ],
    [
      `curl -K - <<'EOF'
url = "${api}/ok"
next
url = "${api}/databases/7"
request = DELETE
EOF`,
      500,
    ],
    ["curl -Q 'DELE backup.sql' ftp://files.example.com/", 20],
    ['curl gopher://cache.example.com:6379/_FLUSHALL', 20],
    ['curl file:///home/dev/.ssh/id_rsa', 5],
  ])('%s costs %i points', (command, points) => {
    expect(scoreOf(command).points).toBe(points);
  });

  it('reads a file of options that was sent along', () => {
    const files = {
      'x.cfg': `url = "${railway}"\ndata = "{\\"query\\":\\"mutation { volumeDelete(volumeId: 1) }\\"}"\n`,
    };
    expect(assessCommand('curl -K x.cfg', { files }).riskPoints).toBe(500);
    expect(assessCommand('curl -K x.cfg').tier).toBeGreaterThanOrEqual(3);
  });

  it('keeps the options of one request out of the next', () => {
    expect(scoreOf(`curl -X DELETE ${api}/items/7 --next ${api}/databases/7`).points).toBe(20);
    expect(scoreOf(`curl -G ${api}/search --data-urlencode "q=$QUERY"`)).toEqual({ tier: 0, points: 0 });
  });
});

describe('a request that is written out and sent over a plain connection', () => {
  const deletion = 'DELETE /databases/7 HTTP/1.1\\r\\nHost: api.example.com\\r\\n\\r\\n';
  const mutation = '{"query":"mutation { volumeDelete(volumeId: 1) }"}';
  const head = 'POST /graphql/v2 HTTP/1.1\\r\\nHost: backboard.railway.app\\r\\n\\r\\n';

  it.each([
    [`printf '${head}${mutation}' | openssl s_client -quiet -connect backboard.railway.app:443`, 500],
    [`openssl s_client -connect api.example.com:443 <<'EOF'\nDELETE /databases/7 HTTP/1.1\n\nEOF`, 500],
    [`ncat --ssl api.example.com 443 <<< $'${deletion}'`, 500],
    [`printf '${deletion}' | socat - TCP:api.example.com:80`, 500],
    [`printf '${deletion}${deletion}' | nc api.example.com 80`, 1000],
    [`printf '${deletion}' > /dev/tcp/api.example.com/80`, 500],
    [`websocat wss://backboard.railway.app/graphql <<< '{"type":"subscribe","payload":${mutation}}'`, 500],
    ['cat unseen | nc backboard.railway.app 443', 500],
    ['echo x | ncat --ssl backboard.railway.app 443', 500],
    ['exec 3<>/dev/tcp/backboard.railway.app/80; echo x >&3', 500],
    ['cat unseen > /dev/tcp/backboard.railway.app/80', 500],
    ['cat unseen | nc files.example.com 443', 20],
    ["printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc example.com 80", 0],
    ['echo | openssl s_client -connect example.com:443', 0],
    ['openssl s_client -connect example.com:443 < /dev/null', 0],
  ])('%s costs %i points', (command, points) => {
    expect(scoreOf(command).points).toBe(points);
  });
});
