/** Bodies of /admin/action-kinds: kinds that a tenant's operators declare (cycles-action-kinds, CUSTOM.* NAMESPACE RULES). */

import { IsBoolean, IsIn, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { ACTION_KINDS } from '../../domain/action-kinds.js';
import type { RiskClass } from '../../domain/assessment.js';
import type { CustomKind } from '../../domain/policy.events.js';
import { HttpFailure } from '../failure.js';
import { ListOf, Of, Optional, TextList } from '../fields.js';
import { ActionKindDto, PolicyKeySpecDto, RISK_CLASSES } from '../runtime/action-kind.dto.js';
import { defined } from './given.js';

/** custom.<org>.<operation>, and as many qualifiers as there is room for. */
const CUSTOM_KIND = /^custom(\.[a-z0-9_-]+){2,}$/;

export class ActionKindRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  @Matches(CUSTOM_KIND)
  @MaxLength(64)
  readonly kind!: string;

  @IsIn(RISK_CLASSES)
  readonly risk_class!: RiskClass;

  @Optional()
  @IsString()
  @MaxLength(512)
  readonly description?: string;

  @Optional()
  @Of(PolicyKeySpecDto)
  readonly policy_key_spec?: PolicyKeySpecDto;

  @Optional()
  @TextList({ itemsMax: 100, lengthMin: 1, lengthMax: 128 })
  readonly mcp_tool_prefixes?: readonly string[];

  @Optional()
  @IsBoolean()
  readonly deprecated?: boolean;

  @Optional()
  @MinLength(1)
  @MaxLength(64)
  readonly replacement_kind?: string;
}

/** Kinds are kept by tenant, so that each request names one. */
@JSONSchema({ additionalProperties: true })
export class DeclaredKindsQueryDto {
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;
}

export class DeclaredKindsDto {
  @ListOf(ActionKindDto)
  readonly kinds!: readonly ActionKindDto[];
}

/** @throws HttpFailure 400 when a prefix is, begins or is begun by one of a built-in kind */
export function declaredFrom(body: ActionKindRequestDto): CustomKind {
  const { mcp_tool_prefixes: prefixes = [] } = body;
  for (const [nth, prefix] of prefixes.entries()) refuseOverlap(prefix, `mcp_tool_prefixes.${nth}`);
  const spec = body.policy_key_spec;
  return {
    kind: body.kind,
    riskClass: body.risk_class,
    description: body.description ?? null,
    policyKeySpec:
      spec === undefined
        ? null
        : defined({
            host: spec.host,
            recipientDomain: spec.recipient_domain,
            resourceType: spec.resource_type,
            pathPrefix: spec.path_prefix,
          }),
    mcpToolPrefixes: [...new Set(prefixes)],
    deprecated: body.deprecated ?? false,
    replacementKind: body.replacement_kind ?? null,
  };
}

function refuseOverlap(prefix: string, field: string): void {
  const text = prefix.toLowerCase();
  const builtIn = ACTION_KINDS.find(({ mcpToolPrefixes }) =>
    mcpToolPrefixes.some((known) => text.startsWith(known) || known.startsWith(text)),
  );
  if (builtIn === undefined) return;
  const message = `${field} overlaps with a prefix of the built-in kind ${builtIn.kind}.`;
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field });
}
