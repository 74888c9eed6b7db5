/** Tenants that have something falling due, whether or not they are loaded. */

export interface DueTimes {
  /** Tenants whose next expiry is at or before `atMs`, at most `limit`, soonest first. */
  dueTenants(atMs: number, limit: number): Promise<string[]>;
  /** The soonest expiry after all, or null. */
  nextDueMs(): Promise<number | null>;
}
