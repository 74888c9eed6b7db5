/** Judges a request: by its host's catalogue entry, by what its body says, by its method. */

import { isLoopback } from '../address.js';
import type { Analysis } from '../analysis.js';
import type { Provider } from '../catalogue/provider.js';
import { PROVIDERS } from '../catalogue/providers.js';
import {
  changesElsewhere,
  disturbs,
  escalates,
  reads,
  removes,
  revealsSecrets,
  unseen,
} from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { type Content, contentOf, type GraphqlRequest } from '../graphql/envelope.js';
import { rootFields } from '../graphql/operations.js';
import { judgeName, radiusOf } from '../naming.js';
import { touchesGate } from '../protection.js';
import type { RegisteredHost, RiskRegistry } from '../registry.js';
import { suspect } from '../suspicion.js';
import { type HttpRequest, isSafeMethod } from './request.js';

const GETS = reads('The request only reads.', 'http.get');
const QUERIES = reads('The GraphQL operation only reads.', 'http.graphql');
const LOCAL_WRITE = changesElsewhere('It changes something in a service on this machine.');
const UNKNOWN_WRITE = disturbs('It writes to a host that the catalogue does not know.');
const UNKNOWN_HOST = unseen(disturbs(''), 'Where the request goes cannot be seen.');
const UNREADABLE = unseen(disturbs(''), 'What the request carries cannot be seen.');
const METADATA = revealsSecrets('The metadata service of a cloud gives out credentials.');
const SENDS_SECRETS_ALONG = unseen(
  escalates('', 'object', { verb: 'send', kind: 'storage.upload' }),
  'Secrets were read, and a part of the address that cannot be seen may carry them out.',
);
const GATE = { ...disturbs('It calls the administration of the gate itself.'), selfProtection: true };

/** The request with everything that its address says. */
interface Addressed {
  readonly request: HttpRequest;
  readonly analysis: Analysis;
  readonly url: URL | null;
  readonly provider: Provider | null;
  readonly registered: RegisteredHost | null;
  readonly loopback: boolean;
}

/** Reports what a request would do. */
export function judgeRequest(asked: HttpRequest, analysis: Analysis): void {
  judgeAsked(asked, analysis);
  const { body } = asked;
  if (body.kind === 'none') return;
  for (const text of body.perhaps ?? []) {
    const other: HttpRequest = { ...asked, body: { kind: 'text', text, raw: '', span: body.span } };
    suspect(analysis, () => judgeAsked(other, analysis));
  }
}

function judgeAsked(asked: HttpRequest, analysis: Analysis): void {
  analysis.bounds.step();
  const request = { ...asked, method: overriddenMethod(asked) };
  const url = urlOf(request.url);
  const registered = url === null ? null : registeredHost(analysis.registry, url);
  const host = registered?.standsFor ?? url?.host ?? '';
  const addressed: Addressed = {
    request,
    analysis,
    url,
    registered,
    provider: providerOf(host),
    loopback: registered === null && url !== null && isLoopback(url.hostname),
  };
  if (url !== null && touchesGate(analysis.registry, url)) report(addressed, GATE, targetOf(addressed));
  else if (url?.hostname === '169.254.169.254') report(addressed, METADATA, targetOf(addressed));
  else judgeContent(addressed);
  if (!addressed.loopback && !isWholeAddress(request) && analysis.hasReadSecrets())
    report(addressed, SENDS_SECRETS_ALONG, targetOf(addressed));
}

/** An address of which a part was computed may carry what was read before. */
function isWholeAddress({ url, urlKnown }: HttpRequest): boolean {
  return urlKnown || !url.includes('$(');
}

/** Servers that honour it take the method from this header. */
function overriddenMethod({ method, headers }: HttpRequest): string | null {
  const header = headers.find((text) => /^x-(?:http-)?method(?:-override)?\s*:/i.test(text));
  return header === undefined
    ? method
    : header
        .slice(header.indexOf(':') + 1)
        .trim()
        .toUpperCase();
}

function judgeContent(addressed: Addressed): void {
  const { request, url } = addressed;
  if (request.body.kind === 'hidden') {
    report(addressed, verdictOfHidden(addressed), targetOf(addressed));
    return;
  }
  const text = request.body.kind === 'text' ? request.body.text : documentIn(url);
  const content: Content = text === '' ? { kind: 'data' } : contentOf(text);
  if (content.kind === 'graphql') judgeGraphql(addressed, content.requests);
  else if (content.kind === 'sql') judgeSql(addressed, content.statements);
  else report(addressed, verdictOfPlain(addressed, text, content.kind === 'unreadable'), targetOf(addressed));
}

/** A document, or the name of a stored one, in the address itself. */
function documentIn(url: URL | null): string {
  const document = url?.searchParams.get('query') ?? '';
  const stored = ['extensions', 'documentId', 'queryId', 'operationName', 'id'];
  return document === '' && stored.some((name) => url?.searchParams.has(name) === true)
    ? (url?.search ?? '')
    : document;
}

/** Where GraphQL is spoken, a body that is none counts as the worst call; elsewhere the method and the path speak. */
function verdictOfPlain(addressed: Addressed, text: string, unreadable: boolean): Judgement {
  const { request, provider, url } = addressed;
  const speaksGraphql = provider?.graphqlPath?.test(url?.pathname ?? '/') ?? false;
  const empty = text === '' && request.method !== null && isSafeMethod(request.method);
  if (provider !== null && speaksGraphql && !empty) {
    return unseen(provider.worst, 'The body does not say what it does, so it counts as the worst call.');
  }
  return verdictOfMethod(addressed, unreadable);
}

/** The body decides and cannot be seen: it counts as the worst call of its host. */
function verdictOfHidden({ provider, url, loopback, request }: Addressed): Judgement {
  const route = provider === null ? null : routeOf(provider, request.method, url);
  if (route !== null) return { ...route, opaque: true };
  if (provider !== null) {
    return unseen(provider.worst, 'The body cannot be seen, so it counts as the worst call of this service.');
  }
  if (loopback) return { ...LOCAL_WRITE, opaque: true };
  return url === null ? UNKNOWN_HOST : UNREADABLE;
}

function judgeGraphql(addressed: Addressed, requests: readonly GraphqlRequest[]): void {
  for (const { document, operationName, variables } of requests) {
    const fields = rootFields(document, operationName, variables);
    if (fields === null) {
      const worst = addressed.provider?.worst ?? UNREADABLE;
      report(
        addressed,
        unseen(worst, 'The GraphQL document does not parse, so it counts as the worst call.'),
        targetOf(addressed),
      );
      continue;
    }
    const changes = fields.filter((field) => field.operation === 'mutation');
    if (changes.length === 0)
      report(addressed, QUERIES, `${serviceOf(addressed)} ${fields.map((field) => field.name).join(', ')}`);
    for (const field of changes) {
      report(
        addressed,
        judgeMutation(field.name, addressed.provider),
        `${serviceOf(addressed)} ${field.summary}`,
      );
    }
  }
}

/** The catalogue first, then the name; a change that neither explains is still a change. */
export function judgeMutation(name: string, provider: Provider | null): Judgement {
  const listed = provider?.mutations?.find((rule) => rule.field.test(name))?.verdict;
  if (listed !== undefined) return listed;
  const fallback =
    provider?.otherwise ??
    disturbs('A GraphQL mutation that the catalogue does not know.', { kind: 'http.graphql' });
  const byName = judgeName(name);
  return byName !== null && byName.tier > 2 ? byName : fallback;
}

function judgeSql(addressed: Addressed, statements: readonly string[]): void {
  const { request, analysis } = addressed;
  const span = request.body.kind === 'text' ? request.body.span : request.span;
  for (const statement of statements) {
    analysis.read('sql', nestedText(statement, span, ''), {
      place: 'remote',
      directory: '.',
      names: namesOf(addressed),
    });
  }
}

function verdictOfMethod({ request, provider, url, loopback }: Addressed, unreadable: boolean): Judgement {
  const { method } = request;
  const route = provider === null ? null : routeOf(provider, method, url);
  if (route !== null) return route;
  if (method !== null && isSafeMethod(method)) return GETS;
  if (loopback) return LOCAL_WRITE;
  if (url === null) return UNKNOWN_HOST;
  if (method === 'DELETE') return judgeDeletion(url);
  const judgement = provider?.otherwise ?? UNKNOWN_WRITE;
  const byName = judgeName(lastWord(url));
  const worse = byName !== null && byName.tier > judgement.tier ? byName : judgement;
  return unreadable ? { ...worse, opaque: true } : worse;
}

/** `DELETE /projects/7` deletes one project, which is a whole system; `DELETE /users/7` one object. */
function judgeDeletion(url: URL): Judgement {
  const resource = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .slice(-2)
    .join(' ');
  const radius = radiusOf(resource);
  return radius === 'object'
    ? removes('It deletes one remote object.')
    : (judgeName(`delete ${resource}`) ?? removes('It deletes one remote object.'));
}

/** The last part of a path that is a word and not an id. */
function lastWord(url: URL): string {
  const parts = url.pathname.split('/').filter((part) => /^[a-z][a-z_-]*$/i.test(part) && !/^v\d/.test(part));
  return parts.at(-1) ?? '';
}

function routeOf(provider: Provider, method: string | null, url: URL | null): Judgement | null {
  const path = url?.pathname ?? '';
  const fits = (methods: string): boolean =>
    methods === '*' || method === null || methods.split('|').includes(method);
  return provider.routes?.find((rule) => fits(rule.method) && rule.path.test(path))?.verdict ?? null;
}

function report(addressed: Addressed, judgement: Judgement, target: string): void {
  const { analysis, request, provider, registered } = addressed;
  const span = request.body.kind === 'none' ? request.span : request.body.span;
  analysis.report(judgement, {
    target,
    span,
    broadCredential: provider?.controlPlane === true && request.carriesCredential,
    names: namesOf(addressed),
    registeredEnvironment: registered?.environment ?? null,
  });
}

function namesOf({ url, request }: Addressed): readonly string[] {
  return [...(url === null ? [] : [url.hostname]), ...request.names];
}

function targetOf({ request, url }: Addressed): string {
  const place = url === null ? request.url : `${url.host}${url.pathname}`;
  return `${request.method ?? 'request to'} ${place}`;
}

function serviceOf({ provider, url, request }: Addressed): string {
  return provider?.name ?? url?.host ?? request.url;
}

function urlOf(text: string): URL | null {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  try {
    const url = new URL(written);
    return url.hostname.includes('$') || url.hostname === '' || /^%24/.test(url.hostname) ? null : url;
  } catch {
    return null;
  }
}

function registeredHost(registry: RiskRegistry, url: URL): RegisteredHost | null {
  return registry.hosts.find((entry) => hostFits(entry.host, url.host)) ?? null;
}

export function providerOf(host: string): Provider | null {
  return PROVIDERS.find((provider) => provider.hosts.some((pattern) => hostFits(pattern, host))) ?? null;
}

function hostFits(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  const actual = host.toLowerCase().replace(/\.(?=$|:\d+$)/, '');
  if (wanted.startsWith('*:')) return actual.endsWith(wanted.slice(1));
  const bare = wanted.includes(':') ? actual : actual.replace(/:\d+$/, '');
  return wanted.startsWith('*.') ? bare.endsWith(wanted.slice(1)) : bare === wanted;
}

/** A request that gives a file of secrets to a host nobody vouches for. */
export const SENDS_SECRETS = escalates('It sends a file of secrets to another host.', 'object', {
  verb: 'send',
  kind: 'storage.upload',
});
