/** Folds what events say about policies and custom kinds. */

import { assert } from './assertions.js';
import type { ActionKindDeclared, PolicyCreated, PolicyDeleted, PolicyUpdated } from './policy.events.js';
import type { TenantState } from './state.js';

export function changePolicies(
  state: TenantState,
  { type, data }: PolicyCreated | PolicyUpdated | PolicyDeleted,
  atMs: number,
): TenantState {
  const policy = state.policies.get(data.policyId);
  assert(
    (policy === undefined) === (type === 'PolicyCreated'),
    'a policy is made once, and changed while it exists',
  );
  if (type === 'PolicyCreated')
    state.policies = state.policies.with({ ...data, createdAtMs: atMs, updatedAtMs: atMs });
  else if (type === 'PolicyDeleted') state.policies = state.policies.without(data.policyId);
  else if (policy !== undefined)
    state.policies = state.policies.with({ ...policy, ...data.changes, updatedAtMs: atMs });
  return state;
}

export function declareKind(state: TenantState, { data }: ActionKindDeclared): TenantState {
  state.kinds = new Map(state.kinds).set(data.kind, data);
  return state;
}
