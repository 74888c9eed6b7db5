/** Requests that are written out word for word and sent over a plain connection. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis } from '../analysis.js';
import { destroys } from '../catalogue/verdicts.js';
import { worstOfAddress } from './control.js';
import { judgeRequest } from './judge.js';
import { type HttpRequest, isCredentialHeader, NO_BODY } from './request.js';

const REQUEST_LINE = /^([A-Z]{3,10}) (\S{1,4000}) HTTP\/\d(?:\.\d)?[ \t]*$/gm;
const REQUESTS_MAX = 50;
/** Orders to stores that speak in lines. */
const STORE_ORDERS = /^\s*(?:\*\d+\s+\$\d+\s+)?(?:flushall|flushdb|flush_all)\b/im;
const EMPTIES_STORE = destroys('It tells a store to forget everything.', 'system', 'db.schema_change');

/** Where a text goes. */
export interface Line {
  readonly host: string;
  readonly port: string;
  readonly span: Span;
}

/**
 * Judges what a text asks for at the other end; false when it holds nothing that is understood. Carriage returns,
 * also those that are still written as an escape, do not count.
 */
export function judgeSent(sent: string, line: Line, analysis: Analysis): boolean {
  const text = sent.replace(/\\r|\r/g, '');
  if (STORE_ORDERS.test(text)) {
    analysis.report(EMPTIES_STORE, {
      target: `${line.host}:${line.port}`,
      span: line.span,
      names: [line.host],
    });
    return true;
  }
  const requests = requestsOn(text, line);
  for (const request of requests) judgeRequest(request, analysis);
  return requests.length > 0;
}

/** What cannot be read may be the worst call of a control plane; says whether the other end is one. */
export function judgeUnseen({ host, span }: Line, analysis: Analysis): boolean {
  const worst = worstOfAddress(host);
  if (worst !== null) analysis.report(worst, { target: host, span, names: [host] });
  return worst !== null;
}

interface Opened {
  readonly text: string;
  readonly span: Span;
}

/** `> /dev/tcp/host/port` sends what is written; judges it, and says whether it was understood. */
export function sendsOnLine(opened: Opened, sent: string | null, analysis: Analysis): boolean {
  const [, host, port] = /^\/dev\/(?:tcp|udp)\/([^/]+)\/(\w+)$/.exec(opened.text) ?? [];
  if (host === undefined || port === undefined) return false;
  const line = { host, port, span: opened.span };
  return (sent !== null && judgeSent(sent, line, analysis)) || judgeUnseen(line, analysis);
}

/** None when something else stands before the first request. */
function requestsOn(text: string, line: Line): readonly HttpRequest[] {
  const starts = [...text.matchAll(REQUEST_LINE)];
  const [first] = starts;
  if (first === undefined || starts.length > REQUESTS_MAX || text.slice(0, first.index).trim() !== '')
    return [];
  return starts.map((start, index) => {
    const rest = text.slice(start.index + start[0].length, starts[index + 1]?.index).replace(/^\n/, '');
    const [head = '', ...others] = rest.split('\n\n');
    return requestOf(
      { method: start[1] ?? '', target: start[2] ?? '', head, body: others.join('\n\n').trim() },
      line,
    );
  });
}

interface Written {
  readonly method: string;
  readonly target: string;
  readonly head: string;
  readonly body: string;
}

function requestOf({ method, target, head, body }: Written, { host, port, span }: Line): HttpRequest {
  const headers = head.split('\n').filter((header) => header.includes(':'));
  const secure = port === '443' || port === 'https';
  const origin = `${secure ? 'https' : 'http'}://${host}${/^\d+$/.test(port) ? `:${port}` : ''}`;
  return {
    method,
    url: /^https?:\/\//i.test(target) ? target : origin + target,
    urlKnown: true,
    headers,
    body: body === '' ? NO_BODY : { kind: 'text', text: body, raw: '', span },
    carriesCredential: headers.some(isCredentialHeader),
    span,
    names: [],
  };
}
