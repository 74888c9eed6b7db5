/** Judges a request: by its host's catalogue entry, by what its body says, by its method. */

import { isLoopback } from '../address.js';
import type { Analysis } from '../analysis.js';
import type { Provider } from '../catalogue/provider.js';
import { destroys, disturbs, escalates, reads, revealsSecrets, unseen } from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { contentOf, type GraphqlRequest, looksLikeSql } from '../graphql/envelope.js';
import { type RootField, rootFields } from '../graphql/operations.js';
import { judgeName } from '../naming.js';
import { ruledRequest } from '../own-rules.js';
import { touchesGate } from '../protection.js';
import { suspect } from '../suspicion.js';
import { requestsWithin } from './batch.js';
import { providerOf, providerOfPath, registeredHost, urlOf } from './host.js';
import { effectiveMethod, operationsOf, pathOf, saidBy } from './operation.js';
import { type HttpRequest, headerOf } from './request.js';
import { type Addressed, UNREADABLE, verdictOfHidden, verdictOfPlain } from './verdict.js';

const QUERIES = reads('The GraphQL operation only reads.', 'http.graphql');
const AFFECTS_ALL = destroys(
  'Its condition is empty, so it affects everything of its kind.',
  'collection',
  'http.graphql',
);
const METADATA = revealsSecrets('The metadata service of a cloud gives out credentials.');
const SENDS_SECRETS_ALONG = unseen(
  escalates('', 'object', { verb: 'send', kind: 'storage.upload' }),
  'Secrets were read, and a part of the address that cannot be seen may carry them out.',
);
const GATE = { ...disturbs('It calls the administration of the gate itself.'), selfProtection: true };
/** Fields of an address that may hold a document, and those that may hold a statement where a database is asked. */
const DOCUMENT_FIELDS = ['query', 'mutation'];
const STATEMENT_FIELDS = ['q', 'sql', 'statement', 'stmt'];
const ASKS_DATABASE = /\/(?:_?sql|query|execute)\b|^\/$/;
/** Where a request says which environment it means. */
const ENVIRONMENT_FIELDS =
  /^(?:env(?:ironment)?(?:_?(?:id|name))?|stage|namespace|project|workspace|branch|database|db)$/i;
const ENVIRONMENT_HEADERS =
  /^x-[\w-]*(?:env(?:ironment)?|stage|namespace|project|workspace)(?:-(?:id|name))?\s*:/i;
const STORED_FIELDS = ['extensions', 'documentId', 'queryId', 'operationName', 'id'];

/** A request under examination. */
interface Judged extends Addressed {
  readonly analysis: Analysis;
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
  const addressed = addressedOf(asked, analysis);
  const { request, url } = addressed;
  if (url !== null && touchesGate(analysis.registry, url)) report(addressed, GATE, targetOf(addressed));
  else if (url?.hostname === '169.254.169.254') report(addressed, METADATA, targetOf(addressed));
  else judgeContent(addressed);
  if (!addressed.loopback && !isWholeAddress(request) && analysis.hasReadSecrets())
    report(addressed, SENDS_SECRETS_ALONG, targetOf(addressed));
}

function addressedOf(asked: HttpRequest, analysis: Analysis): Judged {
  const url = urlOf(asked.url);
  const said = saidBy(asked, url);
  const registered = url === null ? null : registeredHost(analysis.registry, url);
  const elsewhere = providerElsewhere(asked);
  const provider = providerOf(registered?.standsFor ?? url?.host ?? '') ?? elsewhere;
  return {
    request: { ...asked, method: effectiveMethod(asked, said) },
    analysis,
    url,
    registered,
    provider: provider ?? providerOfPath(pathOf(url)),
    loopback:
      registered?.standsFor === undefined && elsewhere === null && url !== null && isLoopback(url.hostname),
    operations: operationsOf(asked, said, url),
  };
}

/** The service that a request reaches by another name than its address has. */
function providerElsewhere(request: HttpRequest): Provider | null {
  const stated = request.headers.length === 0 ? null : headerOf(request, 'host');
  if (stated === null && request.detours === undefined) return null;
  const hosts = [...(stated === null ? [] : [stated]), ...(request.detours ?? [])];
  return hosts.map(providerOf).find((provider) => provider !== null) ?? null;
}

/** An address of which a part was computed may carry what was read before. */
function isWholeAddress({ url, urlKnown }: HttpRequest): boolean {
  return urlKnown || !url.includes('$(');
}

function judgeContent(addressed: Judged): void {
  const { request, url, analysis } = addressed;
  if (request.body.kind === 'hidden') {
    reportRuled(addressed, verdictOfHidden(addressed), targetOf(addressed), null);
    return;
  }
  const within = requestsWithin(request, url);
  if (within.length > 0) {
    analysis.bounds.deeper(() => {
      for (const inner of within) judgeAsked(inner, analysis);
    });
    return;
  }
  const text = request.body.kind === 'text' ? request.body.text : documentIn(url);
  const content = text === '' ? null : contentOf(text);
  if (content?.kind === 'graphql') judgeGraphql(addressed, content.requests);
  else if (content?.kind === 'sql') judgeSql(addressed, content.statements);
  else judgePlain(addressed, text, content?.kind === 'unreadable');
}

/** A document, or the name of a stored one, in the address itself. */
function documentIn(url: URL | null): string {
  if (url === null || url.search === '') return '';
  const { searchParams } = url;
  const fieldOf = (name: string): string => searchParams.get(name) ?? '';
  const document =
    DOCUMENT_FIELDS.map(fieldOf).find((text) => text !== '') ??
    (ASKS_DATABASE.test(url.pathname) ? STATEMENT_FIELDS.map(fieldOf).find(looksLikeSql) : undefined) ??
    '';
  return document === '' && STORED_FIELDS.some((name) => searchParams.has(name)) ? url.search : document;
}

/** One verdict for each operation that is named, one in all when none is. */
function judgePlain(addressed: Judged, text: string, unreadable: boolean): void {
  const [first = null, ...others] = addressed.operations;
  for (const operation of [first, ...others]) {
    const verdict = verdictOfPlain(addressed, operation, text);
    reportRuled(
      addressed,
      unreadable && verdict.tier > 0 ? { ...verdict, opaque: true } : verdict,
      targetOf(addressed),
      operation,
    );
  }
}

function judgeGraphql(addressed: Judged, requests: readonly GraphqlRequest[]): void {
  for (const { document, operationName, variables } of requests) {
    addressed.analysis.bounds.checkTokens(document);
    const fields = rootFields(document, operationName, variables);
    if (fields === null) {
      const worst = addressed.provider?.worst ?? UNREADABLE;
      reportRuled(
        addressed,
        unseen(worst, 'The GraphQL document does not parse, so it counts as the worst call.'),
        targetOf(addressed),
        null,
      );
      continue;
    }
    const changes = fields.filter((field) => field.operation === 'mutation');
    if (changes.length === 0)
      report(addressed, QUERIES, `${serviceOf(addressed)} ${fields.map((field) => field.name).join(', ')}`);
    for (const field of changes) {
      reportRuled(
        addressed,
        verdictOfField(field, addressed.provider),
        `${serviceOf(addressed)} ${field.summary}`,
        field.name,
      );
    }
  }
}

/** A change whose condition is there and empty affects everything of its kind. */
function verdictOfField({ name, unbounded }: RootField, provider: Provider | null): Judgement {
  if (name.endsWith('__typename')) return QUERIES;
  const verdict = judgeMutation(name, provider);
  return unbounded && verdict.tier >= 3 && (verdict.radius ?? 'object') === 'object' ? AFFECTS_ALL : verdict;
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

function judgeSql(addressed: Judged, statements: readonly string[]): void {
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

/** Reports one operation of a request as operators' rules for its host have it. */
function reportRuled(
  addressed: Judged,
  judgement: Judgement,
  target: string,
  operation: string | null,
): void {
  const { analysis, url, request } = addressed;
  const ruled = ruledRequest(analysis.registry, judgement, { url, method: request.method, operation });
  report(addressed, ruled, target);
}

function report(addressed: Judged, judgement: Judgement, target: string): void {
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

function namesOf({ url, request }: Judged): readonly string[] {
  if (url === null) return request.names;
  const fields = url.search === '' ? [] : [...url.searchParams];
  const settings = fields.filter(([name]) => ENVIRONMENT_FIELDS.test(name)).map(([, value]) => value);
  const headers = request.headers.filter((header) => ENVIRONMENT_HEADERS.test(header)).map(valueOfHeader);
  return [url.hostname, ...pathOf(url).split('/').slice(1), ...settings, ...headers, ...request.names];
}

function valueOfHeader(header: string): string {
  return header.slice(header.indexOf(':') + 1).trim();
}

function targetOf({ request, url }: Judged): string {
  const place = url === null ? request.url : `${url.host}${url.pathname}`;
  return `${request.method ?? 'request to'} ${place}`;
}

function serviceOf({ provider, url, request }: Judged): string {
  return provider?.name ?? url?.host ?? request.url;
}

/** A request that gives a file of secrets to a host nobody vouches for. */
export const SENDS_SECRETS = escalates('It sends a file of secrets to another host.', 'object', {
  verb: 'send',
  kind: 'storage.upload',
});
