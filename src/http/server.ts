/** The Fastify instance under Nest: parsing, correlation, access, compiled contract, one log line a request. */

import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RouteOptions,
} from 'fastify';
import type { ApiKey } from '../domain/state.js';
import type { Authentication } from './authentication.js';
import { type Caller, newRequestId, type Trace, traceOf } from './correlation.js';
import { FORM_TYPE, parseForm } from './form.js';
import { hostGuard } from './host.js';
import { checkEncoding, notJson, parseBody } from './json.js';
import { addDocs, isDocsFile } from './openapi/docs.js';
import type { DeclaredRoute } from './openapi/document.js';
import { sendError } from './reply.js';
import { type RouteDeclaration, takesCookie } from './route.js';
import { contract, type DtoClass, refTo, type Schema } from './schema.js';
import { type Plane, planeOfUrl } from './status.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; null on public routes and before authentication. */
    caller: Caller | null;
    /** The caller's key as a read found it; null for operators and mutations. */
    key: ApiKey | null;
    trace: Trace;
    /** Why it got a 503, for the log. */
    fault: string | null;
    /** The body as it came, where the route keeps it. */
    text: string | null;
  }
  interface FastifyContextConfig {
    declaration?: RouteDeclaration;
    plane?: Plane;
    /** Whether a person may come under a cookie. */
    takesCookie?: boolean;
    /** The query parameters that the route reads. */
    queryFields?: ReadonlySet<string>;
  }
  interface FastifyInstance {
    /** The methods that some route has for a path. */
    methodsOf(path: string): string[];
  }
}

const BODY_BYTES_MAX = 256 * 1024;
/** Longer than any id of ours or of the protocol, so that a long id is a 400 or 404 of ours. */
const PARAM_LENGTH_MAX = 512;
/** A client that sends its request slower than this is cut off, in ms. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface ServerOptions {
  readonly authentication: Authentication;
  /** Checks a key's permission for a read, before the controller runs. */
  readonly authorizeRead: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
  /** Host names that may stand in the Host header; null when any may. */
  readonly hosts: readonly string[] | null;
  /** Addresses and networks of proxies whose `X-Forwarded-For` tells where a request comes from; none when left out. */
  readonly trustedProxies?: readonly string[];
  /** Called once for each answered request. */
  readonly onAnswered: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** Routes added later must declare themselves with `@Route`, or the start fails. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { trustedProxies = [] } = options;
  const server = fastify({
    logger: false,
    // Never of everybody: whoever is not named here could else choose the address that limits go by.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: BODY_BYTES_MAX,
    genReqId: newRequestId,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, request, reply) => {
      correlate(request, reply);
      const message = 'The request’s path is malformed.';
      sendError(request, reply, {
        status: 400,
        code: 'INVALID_REQUEST',
        message,
        details: { field: 'path' },
      });
    },
  });
  server.decorateRequest('caller', null);
  server.decorateRequest('key', null);
  server.decorateRequest('trace', null as never);
  server.decorateRequest('fault', null);
  server.decorateRequest('text', null);
  addParser(server);
  addHooks(server, options);
  addContract(server, options);
  return server;
}

function addParser(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    try {
      checkEncoding(request.headers);
      keepText(request, text as string);
      done(null, text.length === 0 ? undefined : parseBody(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (request, text, done) => {
    try {
      if (request.routeOptions.config.declaration?.takesForm !== true) throw notJson();
      keepText(request, text as string);
      done(null, parseForm(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

function keepText(request: FastifyRequest, text: string): void {
  if (request.routeOptions.config.declaration?.keepsText) request.text = text;
}

function addHooks(server: FastifyInstance, { hosts, onAnswered }: ServerOptions): void {
  const guardHost = hosts === null ? null : hostGuard(hosts);
  server.addHook('onRequest', (request, reply, done) => {
    correlate(request, reply);
    done(guardHost?.(request.headers.host));
  });
  server.addHook('onResponse', (request, reply, done) => {
    onAnswered(request, reply);
    done();
  });
}

function correlate(request: FastifyRequest, reply: FastifyReply): void {
  request.trace = traceOf(request.headers);
  reply.header('X-Request-Id', request.id);
  reply.header('X-Cycles-Trace-Id', request.trace.traceId);
}

/** Gives each route what it declared: authentication, validation, serialisation. */
function addContract(server: FastifyInstance, options: ServerOptions): void {
  const { schema: described } = contract();
  const declared: DeclaredRoute[] = [];
  const paths = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  server.setValidatorCompiler(({ schema, httpPart }) => {
    const { isOptional, ...wanted } = schema as Schema;
    if (httpPart !== 'body') {
      const validate = contract().validator(wanted, 'query');
      return (query) => validate(withoutBlanks(query));
    }
    const validate = contract().validator(wanted, 'body');
    return isOptional ? (body) => body === null || validate(body) : validate;
  });
  server.setSerializerCompiler(({ schema }) => contract().serialiser(schema as Schema));
  server.decorate('methodsOf', (path: string) =>
    [...paths.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : [])),
  );
  server.addHook('onRoute', (route) => {
    const { declaration } = route.config ?? {};
    if (declaration === undefined && isDocsFile(route)) return;
    if (declaration === undefined) throw new Error(`${route.method} ${route.url} declares no access`);
    equip(route, declaration, options);
    route.config = { ...route.config, queryFields: fieldsOf(declaration.query, described) };
    const known = paths.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set() };
    for (const method of [route.method].flat()) {
      known.methods.add(method);
      declared.push({ method, url: route.url, declaration });
    }
    paths.set(route.url, known);
  });
  addDocs(server, { routes: declared, contract: described });
}

function equip(
  route: RouteOptions,
  declaration: RouteDeclaration,
  { authentication, authorizeRead }: ServerOptions,
): void {
  const { access, body, bodyOptional, query, answer, bodyBytesMax, csrfInForm, ownOnly } = declaration;
  route.config = {
    ...route.config,
    plane: planeOfUrl(route.url),
    takesCookie: takesCookie(access, route.url),
  };
  route.schema = {
    ...(body && { body: { ...refTo(body), isOptional: bodyOptional } }),
    ...(query && { querystring: refTo(query) }),
    ...(answer && { response: { '2xx': refTo(answer) } }),
  };
  if (bodyBytesMax !== undefined) route.bodyLimit = bodyBytesMax;
  route.onRequest = (request, reply, done) => {
    const pending = authentication.authenticate(access, request, reply);
    if (pending === undefined) done();
    else pending.then(() => done(), done);
  };
  const isAboutTenants = access.by === 'operator' || access.by === 'either' || access.roles !== undefined;
  if (!isAboutTenants && access.reads === undefined && csrfInForm === undefined) return;
  route.preHandler = (request, reply, done) => {
    if (csrfInForm) authentication.checkForm(request);
    if (request.caller?.type === 'person') {
      if (ownOnly || !isAboutTenants) done();
      else authentication.checkTenant(request).then(() => done(), done);
      return;
    }
    if (access.reads === undefined) {
      done();
      return;
    }
    authorizeRead(request, reply).then((allowed) => {
      if (allowed) done();
    }, done);
  };
}

/** The names of the fields of a query string's DTO class. */
function fieldsOf(query: DtoClass | undefined, contract: Schema): ReadonlySet<string> {
  const definitions = contract['definitions'] as Readonly<Record<string, { properties?: object }>>;
  return new Set(Object.keys((query && definitions[query.name]?.properties) ?? {}));
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`);

/** A blank parameter counts as absent. */
function withoutBlanks(query: unknown): unknown {
  const parameters = query as Record<string, unknown>;
  for (const name of Object.keys(parameters)) if (parameters[name] === '') delete parameters[name];
  return parameters;
}

/** What is no HTTP at all gets a plain 400 and is cut off; it too can be named when somebody asks about it. */
function refuseConnection(_error: unknown, socket: { writable: boolean; end(text: string): void }): void {
  if (!socket.writable) return;
  const requestId = newRequestId();
  const { traceId } = traceOf({});
  const message = 'The request is no valid HTTP request.';
  const body = JSON.stringify({
    error: 'INVALID_REQUEST',
    message,
    request_id: requestId,
    trace_id: traceId,
  });
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    `X-Request-Id: ${requestId}`,
    `X-Cycles-Trace-Id: ${traceId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
