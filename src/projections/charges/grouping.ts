/** By what a report of charges can be grouped. */

import { type RawBuilder, sql } from 'kysely';
import type { SqlFlavour } from '../../ports/read-store.port.js';

/** Words of `group_by`, and the columns they stand for. */
export const GROUPED_COLUMNS = {
  tenant: 'tenant_id',
  workspace: 'workspace',
  app: 'app',
  workflow: 'workflow',
  agent: 'agent',
  toolset: 'toolset',
  kind: 'kind',
  name: 'name',
  model: 'model',
  harness: 'harness',
  key: 'key_id',
} as const;

/** A column, or a dimension of the subject (its key lower-cased, as in the rows). */
export type Grouping =
  | { readonly column: (typeof GROUPED_COLUMNS)[keyof typeof GROUPED_COLUMNS] }
  | { readonly dimension: string };

/** The value by which a row is grouped; null where it lacks it. */
export function groupedBy(grouping: Grouping, flavour: SqlFlavour): RawBuilder<string | null> {
  if ('column' in grouping) return sql<string | null>`${sql.ref(grouping.column)}`;
  const { dimension } = grouping;
  return flavour === 'postgres'
    ? sql<string | null>`(cast(dimensions as jsonb) ->> ${dimension})`
    : sql<string | null>`json_extract(dimensions, ${`$.${JSON.stringify(dimension)}`})`;
}
