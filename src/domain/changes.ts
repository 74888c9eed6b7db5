/** What a request to change properties really changes. */

import { canonicalJson } from './canonical-json.js';

/** Of the properties asked for, those that are another in what there is. */
export function changedIn<T extends object>(there: object, asked: T): T {
  const known = there as Readonly<Record<string, unknown>>;
  const changed = Object.entries(asked).filter(
    ([name, value]) => canonicalJson(value) !== canonicalJson(known[name] ?? null),
  );
  return Object.fromEntries(changed) as T;
}
