/** The API's description is that of the routes there are, and can be browsed. */

import { readFileSync } from 'node:fs';
import { PROGRAM_VERSION } from '../../src/http/openapi/document.js';
import { Serving } from './serving.js';

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

describe('the description of the API', () => {
  let served: Serving;
  let document: Document;

  beforeAll(async () => {
    served = await Serving.start();
    document = (await served.ask('GET', '/openapi.json')).body as Document;
  });
  afterAll(() => served.stop());

  const operations = (): Operation[] => Object.values(document.paths).flatMap((path) => Object.values(path));

  it('bears the version of the package', () => {
    const pkg = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe(pkg.version);
    expect(PROGRAM_VERSION).toBe(pkg.version);
  });

  it('names every operation of the runtime and of provisioning once', () => {
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v1/decide',
        '/v1/reservations',
        '/v1/reservations/{reservation_id}/commit',
        '/v1/admin/tenants',
        '/gate/tool-calls',
      ]),
    );
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says in one line what each operation does', () => {
    const unsaid = operations().filter(({ summary }) => !/^[A-Z].+\.$/.test(summary ?? ''));
    expect(unsaid.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, at]) => at ?? '');
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(document.components.schemas).toHaveProperty([reference.split('/').at(-1) ?? '']);
    }
  });

  it('says of a mutation who may send it, what it takes and what it answers', () => {
    const reserve = document.paths['/v1/reservations']?.['post'];
    expect(reserve?.security).toEqual([{ apiKey: [] }]);
    expect(JSON.stringify(reserve?.requestBody)).toContain('#/components/schemas/ReservationRequestDto');
    expect(JSON.stringify(reserve?.responses['200'])).toContain('#/components/schemas/ReservationAnswerDto');
    expect(Object.keys(reserve?.responses ?? {})).toEqual(
      expect.arrayContaining(['400', '401', '403', '5XX']),
    );
  });

  it('says where a person may come under a cookie, and what it takes to change something then', () => {
    const freeze = document.paths['/v1/admin/budgets/freeze']?.['post'];
    const session = { session: [], csrf: [] };
    expect(freeze?.security).toEqual([{ adminKey: [] }, { operator: [] }, session]);
    expect(document.paths['/auth/me']?.['get']?.security).toEqual([{ operator: [] }, { session: [] }]);
    expect(JSON.stringify(document.paths['/v1/reservations'])).not.toContain('session');
    const signIn = document.paths['/auth/session']?.['post'];
    expect(JSON.stringify(signIn?.requestBody)).toContain('application/x-www-form-urlencoded');
  });

  it('can be browsed by anyone, with no script that is not ours', async () => {
    const page = await served.ask('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await served.ask('GET', '/docs/static/swagger-ui-bundle.js')).status).toBe(200);
    expect((await served.ask('GET', '/docs/static/..%2f..%2fpackage.json')).status).not.toBe(200);
  });
});
