/** Every operation of the runtime protocol with every outcome it documents, in the protocol's own shapes. */

import type { Operation } from './operations.js';
import { OUTCOMES, type Outcome } from './outcomes.js';
import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving } from './serving.js';

const SUCCESS_SCHEMA: Readonly<Record<Operation, string>> = {
  decide: 'DecisionResponse',
  createReservation: 'ReservationCreateResponse',
  listReservations: 'ReservationListResponse',
  getReservation: 'ReservationDetail',
  commitReservation: 'CommitResponse',
  releaseReservation: 'ReleaseResponse',
  extendReservation: 'ReservationExtendResponse',
  getBalances: 'BalanceResponse',
  createEvent: 'EventCreateResponse',
};

/** Reached elsewhere: by faults of a server and its queues, and by a budget that lies idle for a day. */
const ELSEWHERE = ['LIMIT_EXCEEDED', 'INTERNAL_ERROR', 'BUDGET_CLOSED'];
const FAULT_STATUSES = ['429', '500'];

const protocol = isProtocolThere ? new Protocol() : null;
let serving: Serving;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());

/** What an answer says in a word: status and decision, or status and error code. */
function said(reply: Reply): string {
  const words = [reply.at('error') ?? reply.at('decision'), reply.at('reason_code')];
  return [reply.status, ...words].filter((word) => word !== undefined).join(' ');
}

async function answerTo({ ask }: Outcome): Promise<Reply> {
  tenants += 1;
  const acme = await serving.tenant(`outcome-${tenants}`);
  await acme.budget('', 100);
  return ask({ serving, acme, stranger: () => serving.tenant(`stranger-${tenants}`) });
}

function problemsOf(reply: Reply, operation: Operation): readonly string[] {
  const schema = reply.status < 300 ? SUCCESS_SCHEMA[operation] : 'ErrorResponse';
  return protocol?.problems(reply.body, schema) ?? [];
}

describe.each([...new Set(OUTCOMES.map(({ operation }) => operation))])('%s', (operation) => {
  const outcomes = OUTCOMES.filter((outcome) => outcome.operation === operation);

  it.each(outcomes.map((outcome) => [outcome.answers, outcome.when, outcome] as const))(
    'answers %s when %s',
    async (answers, _when, outcome) => {
      const reply = await answerTo(outcome);
      expect(said(reply)).toBe(answers);
      expect(problemsOf(reply, operation)).toEqual([]);
      expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
      expect(reply.headers.get('x-cycles-trace-id')).toMatch(/^[0-9a-f]{32}$/);
      if (reply.status < 300) return;
      expect(reply.at('request_id')).toBe(reply.headers.get('x-request-id'));
      expect(reply.at('trace_id')).toBe(reply.headers.get('x-cycles-trace-id'));
    },
  );
});

(isProtocolThere ? describe : describe.skip)('the table of outcomes', () => {
  it('reaches every error code that a request can cause', () => {
    const codes = protocol?.errorCodes() ?? [];
    const reached = OUTCOMES.map(({ answers }) => answers.split(' ')[1]);
    expect(codes.filter((code) => !reached.includes(code) && !ELSEWHERE.includes(code))).toEqual([]);
  });

  it('reaches every status that an operation documents', () => {
    const documented = protocol?.documentedStatuses() ?? [];
    const reached = new Set(
      OUTCOMES.map(({ operation, answers }) => `${operation} ${answers.split(' ')[0]}`),
    );
    const missing = documented.filter(({ operation, status }) => {
      const isOurs = operation in SUCCESS_SCHEMA && !FAULT_STATUSES.includes(status);
      return isOurs && !reached.has(`${operation} ${status}`);
    });
    expect(missing).toEqual([]);
  });
});
