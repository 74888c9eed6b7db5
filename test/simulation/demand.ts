/** What the auditor demands of the ledger, and what it throws when that is not so. */

/** Something the ledger did that it must never do. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export const demand: (condition: boolean, complaint: string) => asserts condition = (
  condition,
  complaint,
) => {
  if (!condition) throw new Violation(complaint);
};
