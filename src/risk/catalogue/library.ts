/** The form of a catalogue entry for a client library that code calls. Entries are data. */
import type { Judgement } from '../finding.js';
import type { Example } from './program.js';

/** What a call does whose name alone would mislead; the first that fits counts. */
export interface CallRule {
  /** The names from the first receiver to the call, as in `octokit.repos.delete`. */
  readonly call: RegExp;
  /** What stands between the brackets of the call matches. */
  readonly given?: RegExp;
  /** Null when the call only prepares or looks. */
  readonly verdict: Judgement | null;
}

export interface Library {
  readonly name: string;
  /** Modules of this name are the library, in whichever language. */
  readonly modules: RegExp;
  /** Names that the library, or what is usually made of it, goes by where no import is seen. */
  readonly globals?: RegExp;
  /** A receiver of this name anywhere in a call makes it one of the library's, as `objects` does. */
  readonly within?: RegExp;
  /** Code that looks like this uses the library, whatever its names are. */
  readonly shows?: RegExp;
  /** Calls of a service are read by their names in full; those of a store only as deleting, creating, changing. */
  readonly reaches: 'service' | 'store';
  readonly calls?: readonly CallRule[];
  readonly examples: readonly Example[];
}
