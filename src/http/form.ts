/** Bodies of plain HTML forms, for the few routes that take them. */

import { HttpFailure } from './failure.js';

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Parses a form's fields. One that was left blank counts as left out.
 * @throws HttpFailure 400 when a field is there twice
 */
export function parseForm(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) {
      throw new HttpFailure(400, 'INVALID_REQUEST', 'A field of the form is there twice.', { field: 'body' });
    }
    fields.set(name, value);
  }
  return Object.fromEntries([...fields].filter(([, value]) => value !== ''));
}
