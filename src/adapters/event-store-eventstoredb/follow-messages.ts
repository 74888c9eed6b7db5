/** What passes between a thread that follows the log and the one that started it. */

/** What the thread is started with; it has no functions, since those stay where they are. */
export interface FollowData {
  readonly connectionString: string;
  readonly prefix: string;
  readonly timeoutMs: number;
}

export interface FromFollower {
  /** The newest position, when there is a newer one. */
  readonly position?: number;
  /** What a person should know of. */
  readonly message?: string;
  readonly losses: number;
}
