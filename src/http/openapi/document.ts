/** The OpenAPI document: what the routes declare and the contract of the DTO classes, in one description. */

import { FORM_TYPE } from '../form.js';
import { CSRF_HEADER, type RouteDeclaration, SESSION_COOKIE, takesCookie } from '../route.js';
import type { DtoClass, Schema } from '../schema.js';

/** A route as it was registered. */
export interface DeclaredRoute {
  readonly method: string;
  /** With parameters as `:name`. */
  readonly url: string;
  readonly declaration: RouteDeclaration;
}

type Json = Record<string, unknown>;

/** The version of OpenAPI, and that of this program, which a test keeps equal to the package's. */
const OPENAPI_VERSION = '3.1.0';
export const PROGRAM_VERSION = '0.1.0';
const ERROR = 'ErrorAnswer';
const PARAMETER = /:([A-Za-z_]+)/g;
const COMPONENTS = '#/components/schemas/';

/** Describes the routes. `contract` is the schema that requests and answers are compiled from. */
export function openApiDocument(routes: readonly DeclaredRoute[], contract: Schema): Readonly<Json> {
  const paths: Record<string, Json> = {};
  const described = routes.filter(({ declaration }) => declaration.page !== true);
  for (const route of [...described].sort((a, b) => a.url.localeCompare(b.url))) {
    const path = route.url.replace(PARAMETER, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, contract) };
  }
  return {
    openapi: OPENAPI_VERSION,
    info: {
      title: 'Countersign',
      version: PROGRAM_VERSION,
      summary: 'A runtime authority ledger for AI agents',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { ...componentsOf(contract), [ERROR]: ERROR_SCHEMA },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Cycles-API-Key' },
        adminKey: { type: 'apiKey', in: 'header', name: 'X-Admin-API-Key' },
        operator: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `Named \`__Host-${SESSION_COOKIE}\` where the server is reached by https.`,
        },
        csrf: { type: 'apiKey', in: 'header', name: CSRF_HEADER },
      },
    },
  };
}

/** The body of every answer that is no success. */
const ERROR_SCHEMA: Schema = {
  type: 'object',
  required: ['error', 'message', 'request_id'],
  properties: {
    error: { type: 'string', description: 'One of the error codes of the plane.' },
    message: { type: 'string' },
    request_id: { type: 'string' },
    trace_id: { type: 'string' },
    details: { type: 'object', additionalProperties: true },
  },
};

function operationOf({ method, url, declaration }: DeclaredRoute, contract: Schema): Json {
  const { access, body, bodyOptional, query, summary, takesForm } = declaration;
  const parameters = [...pathParameters(url), ...queryParameters(query, contract)];
  return {
    operationId: operationIdOf(method, url),
    tags: [tagOf(url)],
    ...(summary !== undefined && { summary }),
    security: securityOf({ method, url, declaration }),
    ...(access.reads && { description: `A key needs the permission \`${access.reads}\`.` }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: bodyOptional !== true, content: contentOf(refOf(body), takesForm) },
    }),
    responses: responsesOf(declaration),
  };
}

/** `GET /v1/reservations/:reservation_id` → `get_v1_reservations_by_reservation_id`. */
const operationIdOf = (method: string, url: string): string =>
  `${method.toLowerCase()}${url.replace(PARAMETER, 'by_$1').replaceAll(/[^A-Za-z0-9]+/g, '_')}`;

/** The plane and the first noun: `v1/reservations`, `admin/api-keys`. */
function tagOf(url: string): string {
  const segments = url.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'));
  return segments.slice(0, segments[1] === 'admin' ? 3 : 2).join('/');
}

/** Each entry is one way in; a cookie changes something only together with its CSRF token. */
function securityOf({ method, url, declaration: { access } }: DeclaredRoute): Json[] {
  const { by } = access;
  const cookie = { session: [], ...(method !== 'GET' && { csrf: [] }) };
  const people = [{ operator: [] }, ...(takesCookie(access, url) ? [cookie] : [])];
  const operators = [{ adminKey: [] }, ...people];
  if (by === 'anyone') return [];
  if (by === 'api_key') return [{ apiKey: [] }];
  if (by === 'person') return people;
  return by === 'operator' ? operators : [{ apiKey: [] }, ...operators];
}

const pathParameters = (url: string): Json[] =>
  [...url.matchAll(PARAMETER)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters(query: DtoClass | undefined, contract: Schema): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = (contract['definitions'] as Record<string, Json>)[
    query.name
  ] as { properties?: Record<string, unknown>; required?: readonly string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: published(schema),
  }));
}

function responsesOf({ access, answer, body, query, answers = 200 }: RouteDeclaration): Json {
  const refused = { description: 'Refused.', content: jsonOf({ $ref: `${COMPONENTS}${ERROR}` }) };
  const named = (description: string) => ({ ...refused, description });
  return {
    [answers]: { description: 'Done.', ...(answer && { content: jsonOf(refOf(answer)) }) },
    ...((body || query) && { 400: named('The request is not valid; `details.field` names the field.') }),
    ...(access.by !== 'anyone' && {
      401: named('Who asks is not known.'),
      403: named('Who asks may not do this.'),
    }),
    '4XX': refused,
    '5XX': named(
      'A fault or an overload on our side; nothing of the request is stored unless it is answered.',
    ),
  };
}

const jsonOf = (schema: Json): Json => ({ 'application/json': { schema } });
const contentOf = (schema: Json, takesForm = false): Json => ({
  ...jsonOf(schema),
  ...(takesForm && { [FORM_TYPE]: { schema } }),
});
const refOf = (dto: DtoClass): Json => ({ $ref: `${COMPONENTS}${dto.name}` });

const componentsOf = (contract: Schema): Json => published(contract['definitions']) as Json;

/** Keywords that only our validators know. */
const OWN_KEYWORDS: ReadonlySet<string> = new Set(['freeForm', 'oneOrMoreOf']);

/** The contract's schemas as others read them: references within the document, and no keywords of our own. */
function published(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(published);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries: [string, unknown][] = [];
  for (const [key, member] of Object.entries(schema)) {
    if (OWN_KEYWORDS.has(key)) continue;
    if (key === 'dateTime') entries.push(['format', 'date-time']);
    else if (key === '$ref') entries.push([key, String(member).replace(/^.*#\/definitions\//, COMPONENTS)]);
    else entries.push([key, published(member)]);
  }
  return Object.fromEntries(entries);
}
