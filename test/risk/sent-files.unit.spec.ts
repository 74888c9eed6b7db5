/** Files that a call sends on: judged by what the call has made of them. */

import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const HARMLESS = JSON.stringify({ query: 'query { me { name } }' });
const GRAVE = JSON.stringify({ query: 'mutation { volumeDelete(volumeId: "v") }' });
const SEND = 'https://backboard.railway.app/graphql/v2';

describe('a file that is sent to a control plane', () => {
  const tierOf = (command: string) => assessCommand(command, { files: { 'body.json': HARMLESS } }).tier;

  it('is judged by its content', () => {
    expect(tierOf(`curl -d @body.json ${SEND}`)).toBe(0);
    expect(tierOf(`wget --post-file=body.json ${SEND}`)).toBe(0);
  });

  it.each([
    ['what the call writes into it', `echo '${GRAVE}' > body.json; curl -d @body.json ${SEND}`],
    [
      'the worst, once the call fetches it',
      `curl -o body.json https://example.com/x; curl -d @body.json ${SEND}`,
    ],
    ['what the call writes, by wget, too', `echo '${GRAVE}' > body.json; wget --post-file=body.json ${SEND}`],
  ])('is judged by %s', (_what, command) => {
    expect(tierOf(command)).toBe(4);
  });
});
