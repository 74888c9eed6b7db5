/** What a request without a language of its own does: by the catalogue, by what it names, by its method. */
import type { Provider } from '../catalogue/provider.js';
import { changesElsewhere, destroys, disturbs, reads, removes, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { judgeName, radiusOf } from '../naming.js';
import type { RegisteredHost } from '../registry.js';
import { isCall, operationInPath, pathOf, resourceIn } from './operation.js';
import { type HttpRequest, isSafeMethod } from './request.js';

const GETS = reads('The request only reads.', 'http.get');
const LOCAL_WRITE = changesElsewhere('It changes something in a service on this machine.');
const UNKNOWN_WRITE = disturbs('It writes to a host that the catalogue does not know.');
const UNKNOWN_HOST = unseen(disturbs(''), 'Where the request goes cannot be seen.');
export const UNREADABLE = unseen(disturbs(''), 'What the request carries cannot be seen.');
const STATED_TIER = 2;
/** What a page is asked for, where a form would do the work. */
const SHOWS_FORM = /^(?:edit|new|create|add|login|logout|register|submit|share)\b/i;
/** Others carry orders of their own in the address, as `gopher` and `dict` do. */
const METHOD_PROTOCOLS = /^(?:https?|wss?|s?ftps?|scp|file):$/;

/** The request with everything that its address says. */
export interface Addressed {
  readonly request: HttpRequest;
  readonly url: URL | null;
  readonly provider: Provider | null;
  readonly registered: RegisteredHost | null;
  readonly loopback: boolean;
  /** The operations that it names. */
  readonly operations: readonly string[];
}

/** What a request does whose body can be read and holds no language of its own. */
export function verdictOfPlain(addressed: Addressed, operation: string | null, text: string): Judgement {
  const { request, provider, url } = addressed;
  const speaksGraphql = provider?.graphqlPath?.test(url?.pathname ?? '/') ?? false;
  const empty = text === '' && request.method !== null && isSafeMethod(request.method);
  if (provider !== null && speaksGraphql && !empty)
    return unseen(provider.worst, 'The body does not say what it does, so it counts as the worst call.');
  return verdictOf(addressed, operation);
}

/** The body decides and cannot be seen: it counts as the worst call of its host. */
export function verdictOfHidden(addressed: Addressed): Judgement {
  const { provider, url, loopback, operations } = addressed;
  const known = listed(addressed, operations[0] ?? null);
  if (known !== null) return { ...known, opaque: true };
  if (provider !== null)
    return unseen(provider.worst, 'The body cannot be seen, so it counts as the worst call of this service.');
  if (loopback) return { ...LOCAL_WRITE, opaque: true };
  return url === null ? UNKNOWN_HOST : worse(UNREADABLE, judgeStated(operations[0] ?? null));
}

function verdictOf(addressed: Addressed, operation: string | null): Judgement {
  const known = listed(addressed, operation);
  if (known !== null) return known;
  const { request, provider, url, loopback } = addressed;
  if (isRead(addressed)) return verdictOfRead(addressed, operation);
  if (loopback) return LOCAL_WRITE;
  if (url === null) return UNKNOWN_HOST;
  if (request.method === 'DELETE') return worse(judgeDeletion(url), judgeStated(operation));
  const judgement = provider?.otherwise ?? UNKNOWN_WRITE;
  return worse(worse(judgement, judgeName(operationInPath(url))), judgeStated(operation));
}

/** The catalogue's own word: the operation where requests name it, then the path. */
function listed({ provider, request, url }: Addressed, operation: string | null): Judgement | null {
  if (provider === null) return null;
  const actions = operation === null ? undefined : provider.actions;
  if (actions !== undefined && operation !== null) {
    const verdict = actions.find(({ action }) => action.test(operation))?.verdict ?? judgeName(operation);
    if (verdict !== null) return verdict;
  }
  return routeOf(provider, request.method, url);
}

/** By its method a read, over a protocol that has methods. */
function isRead({ request, url }: Addressed): boolean {
  const speaksMethods = url === null || METHOD_PROTOCOLS.test(url.protocol);
  return speaksMethods && request.method !== null && isSafeMethod(request.method);
}

/** A read that names a deletion or the like is none; where a path only looks like a name, it has to be called. */
function verdictOfRead({ url, request, loopback }: Addressed, operation: string | null): Judgement {
  if (url === null || loopback) return GETS;
  const called =
    isCall(url) && (url.search !== '' || request.carriesCredential) ? operationInPath(url) : null;
  const stated = operation === null || SHOWS_FORM.test(operation) ? null : operation;
  return worse(GETS, judgeStated(stated) ?? judgeStated(called));
}

/** What an operation does by its name, when that says that it changes something. */
function judgeStated(operation: string | null): Judgement | null {
  const judgement = operation === null ? null : judgeName(operation);
  return judgement !== null && judgement.tier >= STATED_TIER ? judgement : null;
}

const MEANS_ALL = /[?&](?:all|everything|delete_?all|purge|confirm_?all)=(?:true|1|yes|\*)(?:&|$)/i;
/** `DELETE /v1/orders` without a number behind it. */
const ENDS_IN_PLURAL =
  /\/(?!(?:status|access|address|alias|process|class|basis|this)\/?$)[a-z][a-z_-]+[^s_-]s\/?$/;

/** `DELETE /projects/7` deletes one project, which is a whole system; `DELETE /users/7` one object. */
function judgeDeletion(url: URL): Judgement {
  if (MEANS_ALL.test(url.search) || ENDS_IN_PLURAL.test(url.pathname))
    return destroys('It deletes a whole collection.', 'collection');
  const resource = resourceIn(url);
  const one = removes('It deletes one remote object.');
  return radiusOf(resource) === 'object' ? one : (judgeName(`delete ${resource}`) ?? one);
}

function routeOf({ routes }: Provider, method: string | null, url: URL | null): Judgement | null {
  const path = pathOf(url);
  const host = url?.hostname ?? '';
  const query = url?.search.slice(1) ?? '';
  const fits = (methods: string): boolean =>
    methods === '*' || method === null || methods.split('|').includes(method);
  const rule = routes?.find(
    (one) =>
      fits(one.method) &&
      one.path.test(path) &&
      one.host?.test(host) !== false &&
      one.query?.test(query) !== false,
  );
  return rule?.verdict ?? null;
}

/** The graver of two; the first when they are equal. */
function worse(first: Judgement, second: Judgement | null): Judgement {
  if (second === null || second.tier < first.tier) return first;
  return second.tier > first.tier || isWider(second, first) ? second : first;
}

const RADII = ['object', 'set', 'collection', 'system'];

function isWider(one: Judgement, other: Judgement): boolean {
  return RADII.indexOf(one.radius ?? 'object') > RADII.indexOf(other.radius ?? 'object');
}
