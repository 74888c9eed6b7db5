/** /openapi.json, and /docs to browse it. */

import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { ANYONE } from '../route.js';
import type { Schema } from '../schema.js';
import { type DeclaredRoute, openApiDocument } from './document.js';

const DOCS = '/docs';

/** Nothing from elsewhere, and no script that is not ours; the interface styles itself as it goes. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Whether a route serves the interface's own files, which declare nothing and are for anyone to read. */
export const isDocsFile = (route: { readonly method: string | string[]; readonly url: string }): boolean =>
  [route.method].flat().every((method) => method === 'GET' || method === 'HEAD') &&
  (route.url === DOCS || route.url.startsWith(`${DOCS}/`));

/** Adds both to a server. `routes` is read when a description is first asked for, once all are registered. */
export function addDocs(
  server: FastifyInstance,
  options: { readonly routes: readonly DeclaredRoute[]; readonly contract: Schema },
): void {
  let described: object | null = null;
  const describe = (): object => {
    described ??= openApiDocument(options.routes, options.contract);
    return described;
  };
  server.get(
    '/openapi.json',
    { config: { declaration: { access: ANYONE, summary: 'This description of the API.' } } },
    (_request, reply) => {
      reply.send(describe());
    },
  );
  server.register(descriptionOf(describe));
  server.register(swaggerUi.fastifySwaggerUi, {
    routePrefix: DOCS,
    staticCSP: CONTENT_SECURITY_POLICY,
    uiConfig: { url: '/openapi.json', deepLinking: true, tryItOutEnabled: false },
  });
}

/** What the interface asks for the description, under the name by which it looks for it. */
const descriptionOf = (describe: () => object): FastifyPluginCallback =>
  Object.assign(
    ((server, _options, done) => {
      server.decorate('swagger', describe as never);
      done();
    }) satisfies FastifyPluginCallback,
    { [Symbol.for('skip-override')]: true, [Symbol.for('plugin-meta')]: { name: '@fastify/swagger' } },
  );
