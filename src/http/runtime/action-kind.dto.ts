/** Action kinds as they are shown (cycles-action-kinds: ActionKind, ActionKindRegistry). */

import { IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { type ActionKind, descriptionOf, type PolicyKeySpec } from '../../domain/action-kinds.js';
import type { RiskClass } from '../../domain/assessment.js';
import type { CustomKind } from '../../domain/policy.events.js';
import { ListOf, Of, Optional, TextList } from '../fields.js';

export const RISK_CLASSES: readonly RiskClass[] = [
  'read_only',
  'local_mutation',
  'side_effect',
  'external_side_effect',
  'high_risk',
];

export class PolicyKeySpecDto {
  @Optional()
  @IsBoolean()
  readonly host?: boolean;

  @Optional()
  @IsBoolean()
  readonly recipient_domain?: boolean;

  /** What the resource is called. */
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly resource_type?: string;

  @Optional()
  @IsBoolean()
  readonly path_prefix?: boolean;
}

export class ActionKindDto {
  @IsString()
  readonly kind!: string;

  @IsIn(RISK_CLASSES)
  readonly risk_class!: RiskClass;

  @Optional()
  @Of(PolicyKeySpecDto)
  readonly policy_key_spec?: PolicyKeySpecDto;

  @Optional()
  @IsString()
  readonly description?: string;

  @TextList()
  readonly mcp_tool_prefixes!: readonly string[];

  @IsBoolean()
  readonly deprecated!: boolean;

  @Optional()
  @IsString()
  readonly replacement_kind?: string;
}

export class ActionKindRegistryDto {
  @IsString()
  readonly version!: string;

  @ListOf(ActionKindDto)
  readonly kinds!: readonly ActionKindDto[];

  @Optional()
  @IsString()
  readonly next_cursor?: string;

  @IsBoolean()
  readonly has_more!: boolean;
}

@JSONSchema({ additionalProperties: true })
export class ActionKindsQueryDto {
  @Optional()
  @IsIn(RISK_CLASSES)
  readonly risk_class?: RiskClass;

  /** Whether deprecated kinds are listed, too. */
  @Optional()
  @IsIn(['true', 'false'])
  readonly deprecated?: 'true' | 'false';

  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(4096)
  readonly cursor?: string;
}

/** None of the built-in kinds is deprecated. */
export const builtInKindOf = ({
  kind,
  riskClass,
  policyKeySpec,
  mcpToolPrefixes,
}: ActionKind): ActionKindDto => ({
  kind,
  risk_class: riskClass,
  ...(policyKeySpec && { policy_key_spec: keySpecOf(policyKeySpec) }),
  description: descriptionOf(kind),
  mcp_tool_prefixes: mcpToolPrefixes,
  deprecated: false,
});

export const customKindOf = (kind: CustomKind): ActionKindDto => ({
  kind: kind.kind,
  risk_class: kind.riskClass,
  ...(kind.policyKeySpec !== null && { policy_key_spec: keySpecOf(kind.policyKeySpec) }),
  ...(kind.description !== null && { description: kind.description }),
  mcp_tool_prefixes: kind.mcpToolPrefixes,
  deprecated: kind.deprecated,
  ...(kind.replacementKind !== null && { replacement_kind: kind.replacementKind }),
});

const keySpecOf = (spec: PolicyKeySpec): PolicyKeySpecDto => ({
  ...(spec.host !== undefined && { host: spec.host }),
  ...(spec.recipientDomain !== undefined && { recipient_domain: spec.recipientDomain }),
  ...(spec.resourceType !== undefined && { resource_type: spec.resourceType }),
  ...(spec.pathPrefix !== undefined && { path_prefix: spec.pathPrefix }),
});
