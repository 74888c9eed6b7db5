/** Answers that come as lines of JSON, one a step. */

import { isRecord, type JsonRecord, parseJson } from '../integrations/json.js';

/** The lines as they arrive; what is no object is passed over. */
export async function* linesOf(response: Response): AsyncGenerator<JsonRecord> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parseJson(line);
      if (isRecord(value)) yield value;
    }
  }
}
