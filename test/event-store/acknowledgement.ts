/** What the process to be killed and its killer agree on. */

/** Events in each append; a stream whose length is no multiple of it holds a torn batch. */
export const BATCH_LENGTH = 3;
export const STREAMS = Array.from({ length: 8 }, (_, i) => `tenant-${i}`);

/** What the parent reads, one a line. */
export interface Acknowledgement {
  readonly stream: string;
  readonly revision: number;
  readonly ids: readonly string[];
  readonly claim: string;
}
