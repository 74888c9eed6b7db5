/** Who may do what: key validity, permissions and scope filters, the first guards of every decision. */

import type { Command, CommandType } from './commands.js';
import type { Actor } from './events.js';
import type { ScopePath } from './ids.js';
import { type Refusal, refusal } from './refusals.js';
import type { ApiKey, TenantState } from './state.js';
import { LEVELS, type Subject } from './subject.js';

/** The closed list of permissions (cycles-governance-admin-v0.1.25, Permission, and its 0.1.26 extension). */
export const PERMISSIONS = [
  'reservations:create',
  'reservations:commit',
  'reservations:release',
  'reservations:extend',
  'reservations:list',
  'balances:read',
  'budgets:read',
  'budgets:write',
  'policies:read',
  'policies:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'admin:read',
  'admin:write',
  'admin:tenants:read',
  'admin:tenants:write',
  'admin:budgets:read',
  'admin:budgets:write',
  'admin:policies:read',
  'admin:policies:write',
  'admin:apikeys:read',
  'admin:apikeys:write',
  'admin:webhooks:read',
  'admin:webhooks:write',
  'admin:events:read',
  'admin:audit:read',
  'action_quotas:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a tenant key carries when none are named: the first ten. */
export const DEFAULT_PERMISSIONS: readonly Permission[] = PERMISSIONS.slice(0, 10);

/** What an API key needs for a command; `operator` means that no API key may send it. */
const REQUIRED: Readonly<Record<CommandType, Permission | 'operator'>> = {
  OpenTenant: 'operator',
  ChangeTenantStatus: 'operator',
  UpdateTenant: 'operator',
  IssueApiKey: 'operator',
  UpdateApiKey: 'operator',
  RevokeApiKey: 'operator',
  CreateBudget: 'budgets:write',
  FundBudget: 'budgets:write',
  UpdateBudget: 'operator',
  FreezeBudget: 'operator',
  UnfreezeBudget: 'operator',
  DefineBudgetTemplate: 'operator',
  RetireBudgetTemplate: 'operator',
  CreatePolicy: 'operator',
  UpdatePolicy: 'operator',
  DeletePolicy: 'operator',
  DeclareActionKind: 'operator',
  ResetQuotaCounter: 'operator',
  RegisterTool: 'operator',
  RemoveTool: 'operator',
  SetRiskRule: 'operator',
  RemoveRiskRule: 'operator',
  RegisterEnvironment: 'operator',
  RemoveEnvironment: 'operator',
  Decide: 'reservations:create',
  Reserve: 'reservations:create',
  Commit: 'reservations:commit',
  Release: 'reservations:release',
  Extend: 'reservations:extend',
  Debit: 'reservations:create',
  AdjustCharge: 'operator',
  CorrectBudget: 'operator',
  ClosePeriod: 'operator',
  SubmitToolCall: 'reservations:create',
  RecordOutcome: 'reservations:create',
  AnswerApproval: 'operator',
  CancelApproval: 'reservations:create',
};

/** `admin:write` satisfies any `*:write`, `admin:read` any `*:read`, never across. */
export function grants(held: readonly string[], needed: Permission): boolean {
  if (held.includes(needed)) return true;
  if (needed.endsWith(':write')) return held.includes('admin:write');
  if (needed.endsWith(':read')) return held.includes('admin:read');
  return false;
}

/** Whether a key may be used at all, at a moment. A key closed with its tenant stays recognised. */
export function checkKey(key: ApiKey | undefined, nowMs: number): Refusal | null {
  if (key === undefined) return refusal('key_unknown', 'The API key is not known.');
  if (key.revokedAtMs !== null) return refusal('key_revoked', 'The API key has been revoked.');
  if (key.expiresAtMs <= nowMs) return refusal('key_expired', 'The API key has expired.');
  return null;
}

/** Key valid, permission held; operators were admitted by their role. Scope filters are checked once the scopes are known. */
export function authorize(command: Command, actor: Actor, state: TenantState, nowMs: number): Refusal | null {
  if (actor.type !== 'api_key') return null;
  const key = state.keys.get(actor.keyId);
  return checkKey(key, nowMs) ?? (key === undefined ? null : checkPermission(key, REQUIRED[command.type]));
}

/** For reads, which are no commands: key valid and permission held. */
export function authorizeRead(key: ApiKey | undefined, needed: Permission, nowMs: number): Refusal | null {
  return checkKey(key, nowMs) ?? (key === undefined ? null : checkPermission(key, needed));
}

function checkPermission(key: ApiKey, needed: Permission | 'operator'): Refusal | null {
  if (needed === 'operator') {
    return refusal('operator_only', 'This is for operators: no API key may do it, whatever its permissions.');
  }
  if (grants(key.permissions, needed)) return null;
  return refusal('permission_missing', `The API key lacks the permission ${needed}.`, { permission: needed });
}

/**
 * Whether a key reaches a scope: some entry of its filter matches by segments, and every level it fixes has the
 * fixed value. A scope that omits the filtered or the fixed level is refused.
 */
export function checkScopeFilter(key: ApiKey, path: ScopePath): Refusal | null {
  const { scopeFilter, fixedSubject } = key;
  if (scopeFilter.length === 0 && !fixesAnything(fixedSubject)) return null;
  const segments = path.split('/');
  const isFixedOtherwise = LEVELS.some((level) => {
    const fixed = level === 'tenant' ? undefined : fixedSubject[level];
    return fixed !== undefined && !segments.includes(`${level}:${fixed.toLowerCase()}`);
  });
  const isWithin = (entry: string): boolean =>
    entry.split('/').every((wanted) => segments.some((segment) => segmentMatches(wanted, segment)));
  if (!isFixedOtherwise && (scopeFilter.length === 0 || scopeFilter.some(isWithin))) return null;
  return refusal('scope_forbidden', `The API key is limited to other scopes than ${path}.`, { scope: path });
}

/** Most keys do not, and every request asks. */
function fixesAnything(fixed: ApiKey['fixedSubject']): boolean {
  for (const _level in fixed) return true;
  return false;
}

const segmentMatches = (wanted: string, segment: string): boolean =>
  wanted.endsWith(':*') ? segment.startsWith(wanted.slice(0, -1)) : wanted.toLowerCase() === segment;

/** The subject with the key's fixed levels in place, or the refusal when the request contradicts one. */
export function withFixedLevels(subject: Subject, key: ApiKey | undefined): Subject | Refusal {
  if (key === undefined) return subject;
  let effective = subject;
  for (const level of LEVELS) {
    const fixed = level === 'tenant' ? undefined : key.fixedSubject[level];
    if (fixed === undefined) continue;
    const asked = subject[level];
    if (asked !== undefined && asked.toLowerCase() !== fixed.toLowerCase()) {
      return refusal('scope_forbidden', `The API key fixes ${level} to ${fixed}.`, { level, fixed });
    }
    if (asked === undefined) effective = { ...effective, [level]: fixed };
  }
  return effective;
}
