/** Reads what GET /v1/reservations asks for out of its query string. */

import { withFixedLevels } from '../../domain/access.js';
import type { TenantId } from '../../domain/ids.js';
import { isRefusal, type Refusal, refusal } from '../../domain/refusals.js';
import type { ApiKey } from '../../domain/state.js';
import type { Subject } from '../../domain/subject.js';
import type {
  ReservationListRequest,
  TimeWindow,
} from '../../projections/reservations/reservation-list.queries.js';
import type { ReservationView } from '../../projections/reservations/reservations.queries.js';
import { HttpFailure } from '../failure.js';
import { reservationDetail } from './render.js';
import type { ReservationDetailDto } from './reservation.dto.js';
import type { ReservationListQueryDto } from './reservation-list.dto.js';

/**
 * What a query string asks of a tenant's reservations. A key sees those within its own scopes and levels only.
 * @param key null for an operator
 * @throws HttpFailure 400 when a window ends before it begins
 */
export function listRequestOf(
  query: ReservationListQueryDto,
  tenantId: TenantId,
  key: ApiKey | null,
): ReservationListRequest | Refusal {
  const levels = levelsOf(query, tenantId, key);
  if (isRefusal(levels)) return levels;
  return {
    filter: {
      tenantId,
      idempotencyKey: query.idempotency_key,
      status: query.status,
      levels,
      created: windowOf(query, 'from', 'to'),
      expires: windowOf(query, 'expires_from', 'expires_to'),
      finalized: windowOf(query, 'finalized_from', 'finalized_to'),
    },
    within: key?.scopeFilter ?? [],
    sortBy: query.sort_by,
    direction: query.sort_dir,
  };
}

/** The tenant named in a query only repeats whose reservations they are. */
function levelsOf(
  query: ReservationListQueryDto,
  tenantId: TenantId,
  key: ApiKey | null,
): Omit<Subject, 'dimensions'> | Refusal {
  if (query.tenant !== undefined && query.tenant !== tenantId) {
    return refusal('scope_forbidden', 'tenant is not the tenant of the API key.', { field: 'tenant' });
  }
  const { workspace, app, workflow, agent, toolset } = query;
  const given = Object.entries({ workspace, app, workflow, agent, toolset }).filter(
    ([, value]) => value !== undefined,
  );
  return withFixedLevels(Object.fromEntries(given), key ?? undefined);
}

type Bound = 'from' | 'to' | 'expires_from' | 'expires_to' | 'finalized_from' | 'finalized_to';

/** A window of time between two bounds, each of which may be left open. */
function windowOf(query: ReservationListQueryDto, from: Bound, to: Bound): TimeWindow {
  const fromMs = instantOf(query[from]);
  const toMs = instantOf(query[to]);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw new HttpFailure(400, 'INVALID_REQUEST', `${from} is later than ${to}.`, { field: from });
  }
  return { fromMs, toMs };
}

const instantOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

/**
 * Renders the rows of a list. The free-form maps, which may be large or personal, are shown only where `include`
 * names them; names it does not know are ignored.
 */
export function summariesOf(views: readonly ReservationView[], include = ''): ReservationDetailDto[] {
  const wanted = new Set(include.split(',').map((token) => token.trim()));
  return views.map((view) =>
    reservationDetail({
      ...view,
      metadata: wanted.has('metadata') ? view.metadata : null,
      committedMetadata: wanted.has('committed_metadata') ? view.committedMetadata : null,
    }),
  );
}
