/** What the lists of provisioning have in common: a search, and an order. */

import type { SortDirection } from '../../projections/directory/directory.queries.js';

export type { SortDirection };

/** Characters that a search may have. */
export const SEARCH_LENGTH_MAX = 128;
export const SORT_DIRECTIONS: readonly SortDirection[] = ['asc', 'desc'];

/** The order that a list's query asks for. */
export const orderOf = <Sort extends string>(query: {
  readonly sort_by?: Sort;
  readonly sort_dir?: SortDirection;
}) => ({ sortBy: query.sort_by, direction: query.sort_dir });
