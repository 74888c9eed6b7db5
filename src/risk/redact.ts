/** Takes secrets out of a proposal and keeps track of where everything else went. */
import type { Proposal, Span } from '../domain/assessment.js';
import { findSecrets, isSecretName, type Range } from './secrets.js';

export const REDACTED = '[redacted]';
const DEPTH_MAX = 64;
const NAMED_VALUE_KEYS = ['name', 'key', 'header'];

export interface Redaction {
  /** The tool input without its secrets, in the same shape. */
  readonly input: unknown;
  /** The files of the proposal without their secrets. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly content: string }[];
  /** Where a range of the original is in the redacted text. */
  translate(span: Span): Span;
}

/** The text with every secret replaced. */
export function redactText(text: string): string {
  return replaced(text, findSecrets(text));
}

/** Redacts the tool input and the files of a proposal, however deep the secrets are. */
export function redact(proposal: Proposal): Redaction {
  const places = new Map<string, readonly Range[]>();
  const input = new InputRedactor(places).visit(proposal.tool.input, 'input', 0);
  const files = proposal.files.map((file) => {
    const ranges = findSecrets(file.content);
    places.set(`file:${file.path}`, ranges);
    return { ...file, content: replaced(file.content, ranges) };
  });
  return { input, files, translate: (span) => translated(span, places.get(span.source) ?? []) };
}

class InputRedactor {
  constructor(private readonly places: Map<string, readonly Range[]>) {}

  visit(value: unknown, path: string, depth: number): unknown {
    if (depth > DEPTH_MAX) return REDACTED;
    if (typeof value === 'string') return this.text(value, path, findSecrets(value));
    if (Array.isArray(value)) return this.list(value, path, depth);
    if (typeof value === 'object' && value !== null) return this.record(value, path, depth);
    return value;
  }

  /** In an argument list a secret stands after its flag. */
  private list(values: readonly unknown[], path: string, depth: number): unknown[] {
    return values.map((value, index) => {
      const before: unknown = values[index - 1];
      const place = `${path}[${index}]`;
      if (typeof value === 'string' && typeof before === 'string' && before.startsWith('-')) {
        if (isSecretName(before)) return this.whole(value, place);
        if (/^(?:-u|--user|--proxy-user)$/.test(before) && value.includes(':')) {
          return this.text(value, place, [{ start: value.indexOf(':') + 1, end: value.length }]);
        }
      }
      return this.visit(value, place, depth + 1);
    });
  }

  private record(value: object, path: string, depth: number): Record<string, unknown> {
    const entries = Object.entries(value);
    const speaksOfSecret = entries.some(
      ([key, held]) =>
        NAMED_VALUE_KEYS.includes(key.toLowerCase()) && typeof held === 'string' && isSecretName(held),
    );
    return Object.fromEntries(
      entries.map(([key, held]) => {
        const place = `${path}.${key}`;
        const secret = isSecretName(key) || (speaksOfSecret && key.toLowerCase() === 'value');
        const kept =
          secret && typeof held === 'string' ? this.whole(held, place) : this.visit(held, place, depth + 1);
        return [key, kept];
      }),
    );
  }

  private whole(value: string, path: string): string {
    return this.text(value, path, value === '' ? [] : [{ start: 0, end: value.length }]);
  }

  private text(value: string, path: string, ranges: readonly Range[]): string {
    if (ranges.length > 0) this.places.set(path, ranges);
    return replaced(value, ranges);
  }
}

function replaced(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let result = '';
  let from = 0;
  for (const range of ranges) {
    result += text.slice(from, range.start) + REDACTED;
    from = range.end;
  }
  return result + text.slice(from);
}

function translated(span: Span, ranges: readonly Range[]): Span {
  return {
    source: span.source,
    start: translatedOffset(span.start, ranges, 'start'),
    end: translatedOffset(span.end, ranges, 'end'),
  };
}

/** An offset inside a secret moves to the edge of its replacement, so that no span cuts through it. */
function translatedOffset(offset: number, ranges: readonly Range[], edge: 'start' | 'end'): number {
  let shift = 0;
  for (const range of ranges) {
    if (range.start >= offset) break;
    if (offset < range.end) return range.start + shift + (edge === 'start' ? 0 : REDACTED.length);
    shift += REDACTED.length - (range.end - range.start);
  }
  return offset + shift;
}
