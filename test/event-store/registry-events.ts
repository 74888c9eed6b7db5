/** One example of every event about tools, rules and environments, for the golden bytes. */

import type { LedgerEvent } from '../../src/domain/events.js';
import type { EnvironmentId, RiskRuleId, ToolId } from '../../src/domain/ids.js';

const toolId = 'tool_0123456789abcdef0123456789' as ToolId;
const ruleId = 'rule_0123456789abcdef0123456789' as RiskRuleId;
const environmentId = 'env_0123456789abcdef0123456789' as EnvironmentId;

export const REGISTRY_EVENTS: readonly LedgerEvent[] = [
  {
    type: 'ToolRegistered',
    data: {
      toolId,
      name: 'refund_*',
      server: 'billing',
      toolset: 'payments',
      description: null,
      actionKind: 'payment.refund',
      tier: null,
      points: 35,
      profile: { audience: 3, sensitivity: 4, regulation: 6, reputation: 2 },
      argumentHints: { statement: 'sql' },
      requiresApproval: true,
    },
  },
  { type: 'ToolRemoved', data: { toolId } },
  {
    type: 'RiskRuleSet',
    data: {
      ruleId,
      name: 'no reset in a hurry',
      match: { kind: 'program', program: 'acmectl', words: ['reset'], flags: ['--all'] },
      tier: 4,
      points: null,
      radius: 'system',
      actionKind: null,
      reason: 'It resets every shop.',
      lowers: false,
    },
  },
  { type: 'RiskRuleRemoved', data: { ruleId } },
  {
    type: 'EnvironmentRegistered',
    data: { environmentId, kind: 'host', value: 'db.acme.example:5432', environment: 'staging' },
  },
  { type: 'EnvironmentRemoved', data: { environmentId } },
];
