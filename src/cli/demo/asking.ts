/** The third scene: a call that a person decides about, once, and one that nobody is asked about. */

import { type JsonRecord, recordOf, textOf } from '../../integrations/json.js';
import { type Palette, wrap } from '../terminal.js';
import type { CursorSession, Permission, Ran } from './agent.js';
import { type Approver, missingPoints } from './approver.js';
import { DROP_TABLE, type PsqlStandIn, TABLE } from './psql-stand-in.js';
import { LABELLED_WIDTH, labelled, verdictLine } from './screen.js';
import type { Check } from './story.js';

const REASON = 'once is enough';

/** Where the scene plays. */
export interface Desk {
  readonly tenantId: string;
  readonly approver: Approver;
  readonly psql: PsqlStandIn;
  /** A session's scope, as approvals are found by. */
  readonly scopeOf: (session: CursorSession) => string;
}

export interface Asked {
  readonly approver: string;
  readonly question: JsonRecord | null;
  readonly hadTableWhileWaiting: boolean;
  readonly permission: Permission;
  /** Null when it was not allowed. */
  readonly ran: Ran | null;
  readonly used: JsonRecord | null;
  /** The same call again, which is a new question. */
  readonly secondQuestion: JsonRecord | null;
  readonly secondPermission: Permission;
  readonly runs: number;
  /** What people were asked in the session that wanted to delete the volume. */
  readonly askedAboutVolume: number;
}

/** The hook holds the call while the approver looks at it; Cursor runs what is allowed. */
export async function playAsking(desk: Desk, session: CursorSession, before: CursorSession): Promise<Asked> {
  const { tenantId, approver, psql } = desk;
  const scope = desk.scopeOf(session);
  const held = session.beforeShell(DROP_TABLE);
  const question = await approver.waiting(tenantId, scope);
  const hadTableWhileWaiting = psql.hasTable();
  if (question !== null) await approver.answer(question, 'approve', 'the table moved last week');
  const permission = await held;
  const ran = permission.allowed ? await psql.run(DROP_TABLE) : null;
  if (ran !== null) await session.afterShell(DROP_TABLE, ran);
  const [used = null] = await approver.asked(tenantId, scope);

  const again = session.beforeShell(DROP_TABLE);
  const secondQuestion = await approver.waiting(tenantId, scope);
  if (secondQuestion !== null) await approver.answer(secondQuestion, 'reject', REASON);
  return {
    approver: approver.name,
    question,
    hadTableWhileWaiting,
    permission,
    ran,
    used,
    secondQuestion,
    secondPermission: await again,
    runs: psql.runs(),
    askedAboutVolume: (await approver.asked(tenantId, desk.scopeOf(before))).length,
  };
}

export function askingScene(asked: Asked, paint: Palette): string[] {
  const { approver, question, permission, ran, secondPermission, runs } = asked;
  const points = question === null ? 0 : missingPoints(question);
  const seen = question === null ? paint.red('was not asked') : `sees ${callIn(question)}`;
  return [
    '',
    paint.bold('3  With the gate and a person: a table that may go, through the same hook'),
    '',
    ...labelled('agent', [DROP_TABLE], paint),
    ...labelled('hook', [paint.yellow('held while people are asked')], paint),
    ...labelled(
      'approver',
      [seen, paint.green(`approves it as ${approver}, in whose name ${points} points are added`)],
      paint,
    ),
    ...labelled('hook', [verdictLine(permission.allowed, permission.tookMs, paint)], paint),
    ...labelled('psql', [ran?.output.trim() ?? paint.red('was not run')], paint),
    '',
    ...labelled('agent', ['the same command again, which is a new question'], paint),
    ...labelled('approver', [`rejects it: ${REASON}`], paint),
    ...labelled(
      'hook',
      [
        verdictLine(secondPermission.allowed, secondPermission.tookMs, paint),
        ...wrap(secondPermission.message ?? '', LABELLED_WIDTH),
      ],
      paint,
    ),
    ...labelled('psql', [`ran ${runs === 1 ? 'once' : `${runs} times`}`], paint),
  ];
}

/** Every claim of the scene. */
export function askingChecks(asked: Asked): Check[] {
  const { question, secondQuestion, permission, ran, used, secondPermission } = asked;
  const isOther = question?.['approval_id'] !== secondQuestion?.['approval_id'];
  return [
    {
      claim: 'the approver sees the call as it would run',
      held: question !== null && callIn(question) === DROP_TABLE,
    },
    { claim: 'nothing is dropped while people are asked', held: asked.hadTableWhileWaiting },
    { claim: 'after the yes the held call is allowed', held: permission.allowed },
    { claim: 'the approved call runs', held: ran?.output.includes('DROP TABLE') === true },
    { claim: 'the approval is used up', held: used?.['status'] === 'CONSUMED' },
    { claim: 'the same call again is a new question', held: secondQuestion !== null && isOther },
    { claim: 'after a no the call is denied', held: !secondPermission.allowed },
    { claim: `${TABLE} was dropped once`, held: asked.runs === 1 },
    { claim: 'nobody was asked about the volume', held: asked.askedAboutVolume === 0 },
  ];
}

/** The command that a question is about. */
function callIn(question: JsonRecord): string | null {
  const tool = recordOf(recordOf(question, 'tool_call') ?? {}, 'tool') ?? {};
  return textOf(recordOf(tool, 'input') ?? {}, 'command');
}
