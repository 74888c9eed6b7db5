/** How far the read models of a database are, for a node that does not project them itself. */

import type { ProjectionStatus, SqlConnection } from '../ports/read-store.port.js';
import { exclusiveDatabase } from './dialect.js';
import { type Generation, Generations } from './generations.js';
import type { Projection } from './projection.js';
import type { AnyTables } from './table.js';

/**
 * @param head the newest position known to be in the log
 * @throws ReadStoreFault when the tables are not there yet
 */
export async function progressOf(
  connection: SqlConnection,
  projections: readonly Projection[],
  head: number,
): Promise<ProjectionStatus[]> {
  const generations = await new Generations(exclusiveDatabase<AnyTables>(connection)).all();
  return projections.map((projection) => statusOf(projection, generations, head));
}

/** A live generation of another version is not of this code's tables: it counts as one that is being replaced. */
function statusOf(
  { name, version }: Projection,
  generations: readonly Generation[],
  head: number,
): ProjectionStatus {
  const live = generations.find((each) => each.name === name && each.live);
  const building = generations.find((each) => each.name === name && !each.live);
  const position = live?.position ?? 0;
  return {
    name,
    version: live?.version ?? version,
    position,
    lag: Math.max(0, head - position),
    stopped: null,
    fault: live === undefined ? 'it was not made yet' : null,
    rebuilding: building?.position ?? (live?.version === version ? null : 0),
  };
}
