/** Links that stand for one approver: who has one may answer one question, where its rule takes links. */

import { timingSafeEqual } from 'node:crypto';
import type { ApprovalId, OperatorId } from '../domain/ids.js';
import type { Keyring } from '../ports/keyring.port.js';

const TOKEN = /^(opr_[0-9A-Z]{26})\.([0-9a-f]{64})$/;

/** Which question a link is about: exactly this call, and no other that might get the same id. */
interface Linked {
  readonly approvalId: ApprovalId | string;
  readonly actionHash: string;
}

/**
 * Nothing is stored: a token is a MAC over the question, the call and the person. It is good for one question as long
 * as that is open, and the ledger takes one answer of a person.
 */
export class ApprovalLinks {
  constructor(private readonly keyring: Pick<Keyring, 'digest'>) {}

  /** The token of a person for a question. */
  tokenFor(question: Linked, operatorId: OperatorId): string {
    return `${operatorId}.${this.macOf(question, operatorId)}`;
  }

  /** Whose token it is; null for one that is not ours, or for another question or call. */
  personOf(question: Linked, token: string): OperatorId | null {
    const [, operatorId, mac] = TOKEN.exec(token) ?? [];
    if (operatorId === undefined || mac === undefined) return null;
    const own = this.macOf(question, operatorId);
    return timingSafeEqual(Buffer.from(own), Buffer.from(mac)) ? (operatorId as OperatorId) : null;
  }

  private macOf({ approvalId, actionHash }: Linked, operatorId: string): string {
    return this.keyring.digest(`approval-link ${approvalId} ${actionHash} ${operatorId}`);
  }
}
