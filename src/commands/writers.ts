/** What commands are carried out with: injection tokens, and the writers' types for those who send commands. */

export type { Answer } from '../writer/answer.js';
export { InternalError, Overloaded, ShuttingDown, Unavailable, WriterStopped } from '../writer/errors.js';
export type { SystemAnswer, SystemWriter } from '../writer/system-writer.js';
export type { Writers } from '../writer/writers.js';

/** Injects `Writers`. */
export const WRITERS = Symbol('Writers');
/** Injects `Ids` of ports/ids.port.ts. */
export const IDS = Symbol('Ids');
/** Injects `Clock` of ports/clock.port.ts. */
export const CLOCK = Symbol('Clock');
/** Injects `Keyring` of ports/keyring.port.ts. */
export const KEYRING = Symbol('Keyring');
/** Injects `Assessor` of ports/assessor.port.ts. */
export const ASSESSOR = Symbol('Assessor');
/** Injects `Approvers`. */
export const APPROVERS = Symbol('Approvers');
/** Injects `ApprovalAnswers` of ports/approval-answers.port.ts. */
export const APPROVAL_ANSWERS = Symbol('ApprovalAnswers');
/** Injects `SystemWriter`. */
export const SYSTEM = Symbol('SystemWriter');
/** Injects `Passwords` of ports/passwords.port.ts. */
export const PASSWORDS = Symbol('Passwords');
