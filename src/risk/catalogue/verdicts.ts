/** The vocabulary in which the catalogue states its verdicts. */
import type { Radius, Verb } from '../../domain/assessment.js';
import type { Judgement } from '../finding.js';

/** Looks and changes nothing. */
export function reads(reason = 'It only reads.', kind = 'file.read'): Judgement {
  return { tier: 0, verb: 'read', kind, reason, reversible: true };
}

/** Changes the workspace in a way that version control or a rebuild undoes. */
export function rebuilds(reason: string, verb: Verb = 'update'): Judgement {
  return { tier: 1, verb, kind: 'file.write', reason, reversible: true, free: true };
}

/** Changes something on this machine that can be undone in minutes. */
export function changesLocally(reason: string, verb: Verb = 'update'): Judgement {
  return { tier: 1, verb, kind: 'file.write', reason, reversible: true };
}

/** Changes something elsewhere that can be taken back. */
export function changesElsewhere(reason: string, more: Partial<Judgement> = {}): Judgement {
  return { tier: 2, verb: 'update', kind: 'http.post', reason, reversible: true, ...more };
}

/** Changes what others feel and what is hard to take back. */
export function disturbs(reason: string, more: Partial<Judgement> = {}): Judgement {
  return { tier: 3, verb: 'update', kind: 'http.post', reason, reversible: false, ...more };
}

/** Irreversible or privileged: tier 4, as wide as the radius says. */
export function escalates(
  reason: string,
  radius: Radius = 'object',
  more: Partial<Judgement> = {},
): Judgement {
  return { tier: 4, verb: 'execute', kind: 'code.exec', reason, radius, reversible: false, ...more };
}

/** Deletes for good: tier 4, as wide as the radius says. */
export function destroys(reason: string, radius: Radius, kind = 'http.delete'): Judgement {
  return escalates(reason, radius, { verb: 'delete', kind });
}

/** Deletes one remote object: tier 3. */
export function removes(reason: string, kind = 'http.delete'): Judgement {
  return disturbs(reason, { verb: 'delete', kind });
}

/** Puts something into service. */
export function deploys(reason: string): Judgement {
  return escalates(reason, 'object', { verb: 'deploy', kind: 'code.deploy' });
}

/** Gives somebody more authority, or takes it away. */
export function grants(reason: string): Judgement {
  return escalates(reason, 'object', { verb: 'grant', kind: 'document.share' });
}

/** Gives out a secret. */
export function revealsSecrets(reason: string): Judgement {
  return { tier: 2, verb: 'read', kind: 'file.read', reason, reversible: true };
}

/** Something in it cannot be seen, so it counts as the worst that it could be. */
export function unseen(judgement: Judgement, reason: string): Judgement {
  return { ...judgement, reason, opaque: true };
}

/** The most that a call can be: what is assumed of one that could not be examined at all. */
export const WORST: Judgement = escalates('It could not be examined, so it counts as the worst.', 'system', {
  opaque: true,
});
