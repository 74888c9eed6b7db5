/** Takes secrets out of a call and of what was said of it, and keeps track of where everything else went. */
import type { Assessment, Proposal, Span } from '../domain/assessment.js';
import { isIdentifierName, isSecretName } from './secrets/names.js';
import { findSecrets, merged, type Range } from './secrets/text.js';
import { SecretValues } from './secrets/values.js';

export const REDACTED = '[redacted]';
const DEPTH_MAX = 64;
const JSON_LENGTH_MAX = 64 * 1024;
const TARGET_LENGTH_MAX = 300;
const NAMED_VALUE_KEYS = ['name', 'key', 'header'];

export interface Redaction {
  /** The tool input without its secrets, in the same shape. */
  readonly input: unknown;
  /** The files of the proposal without their secrets. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly content: string }[];
  /** Where a range of the original is in the redacted text. */
  translate(span: Span): Span;
  /** The same assessment with every secret of the call taken out of every text; spans are left alone. */
  cleaned(assessment: Assessment): Assessment;
}

/** The text with every secret replaced. */
export function redactText(text: string): string {
  return replaced(text, findSecrets(text));
}

/** What a client says about a call, without secrets: by the names and by the texts. */
export function redactFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      redactText(name),
      isSecretName(name) && value !== '' ? REDACTED : redactText(value),
    ]),
  );
}

/**
 * Redacts the tool input and the files of a proposal, however deep the secrets are, and repetitions of them
 * anywhere. `known` are values that the assessment found to be secrets.
 */
export function redact(proposal: Proposal, known: Iterable<string> = []): Redaction {
  const values = new SecretValues();
  for (const value of known) values.add(value);
  const texts = new Texts(values);
  for (const [name, value] of Object.entries(proposal.context)) {
    if (isSecretName(name)) values.add(value);
    else texts.note(value);
  }
  for (const file of proposal.files) texts.note(file.content);
  const { input, places } = redactedInput(proposal.tool.input, texts);
  const files = proposal.files.map((file) => {
    const ranges = texts.rangesIn(file.content);
    places.set(`file:${file.path}`, ranges);
    return { ...file, content: replaced(file.content, ranges) };
  });
  const clean = remembered((text) => replaced(text, texts.rangesIn(text)));
  return {
    input,
    files,
    translate: (span) => {
      const moved = translated(span, places.get(span.source) ?? []);
      return { ...moved, source: clean(moved.source) };
    },
    cleaned: (assessment) => cleanedBy(clean, assessment),
  };
}

interface RedactedInput {
  readonly input: unknown;
  readonly places: Map<string, readonly Range[]>;
}

/** What comes late in an input may stand in what came before, so whoever meets a secret goes over it again. */
function redactedInput(given: unknown, texts: Texts): RedactedInput {
  const first = new InputRedactor(texts);
  const input = first.visit(given, 'input', 0);
  if (texts.values.isEmpty) return { input, places: first.places };
  const second = new InputRedactor(texts);
  return { input: second.visit(given, 'input', 0), places: second.places };
}

/** Most reasons and many targets come more than once. */
function remembered(change: (text: string) => string): (text: string) => string {
  const done = new Map<string, string>();
  return (text) => {
    const before = done.get(text);
    if (before !== undefined) return before;
    const changed = change(text);
    done.set(text, changed);
    return changed;
  };
}

function cleanedBy(clean: (text: string) => string, assessment: Assessment): Assessment {
  return {
    ...assessment,
    effects: assessment.effects.map((effect) => ({
      ...effect,
      target: clean(effect.target).slice(0, TARGET_LENGTH_MAX),
      environment: clean(effect.environment),
      reason: clean(effect.reason),
    })),
    factors: assessment.factors.map((factor) => ({ ...factor, reason: clean(factor.reason) })),
  };
}

/** Finds secrets in texts: those that show themselves, and those that were met before. */
class Texts {
  private readonly found = new Map<string, readonly Range[]>();

  constructor(readonly values: SecretValues) {}

  /** Notes what a text shows, so that it is known wherever it comes again. */
  note(text: string): readonly Range[] {
    const before = this.found.get(text);
    if (before !== undefined) return before;
    const ranges = findSecrets(text);
    this.found.set(text, ranges);
    for (const { start, end } of ranges) this.values.add(text.slice(start, end));
    return ranges;
  }

  rangesIn(text: string): readonly Range[] {
    const shown = this.note(text);
    return this.values.isEmpty ? shown : merged([...shown, ...this.values.rangesIn(text)]);
  }
}

class InputRedactor {
  readonly places = new Map<string, readonly Range[]>();

  constructor(private readonly texts: Texts) {}

  visit(value: unknown, path: string, depth: number): unknown {
    if (depth > DEPTH_MAX) return REDACTED;
    if (typeof value === 'string') return this.string(value, path, depth);
    if (Array.isArray(value)) return this.list(value, path, depth);
    if (typeof value === 'object' && value !== null) return this.record(value, path, depth);
    return value;
  }

  /** Arguments may be sent as a text of JSON; its secrets are then known by the names of its fields. */
  private string(value: string, path: string, depth: number): string {
    for (const inside of jsonIn(value)) new InputRedactor(this.texts).visit(inside, path, depth + 1);
    return this.text(value, path, this.texts.rangesIn(value));
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
        const kept = secret ? this.secret(held, place, depth + 1) : this.visit(held, place, depth + 1);
        return [replaced(key, this.texts.rangesIn(key)), kept];
      }),
    );
  }

  /** Everything below a secret's name is one, but for what only says whose it is. */
  private secret(value: unknown, path: string, depth: number): unknown {
    if (depth > DEPTH_MAX) return REDACTED;
    if (typeof value === 'string') return this.whole(value, path);
    if (typeof value === 'number' || typeof value === 'bigint') return REDACTED;
    if (Array.isArray(value))
      return value.map((item, index) => this.secret(item, `${path}[${index}]`, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => {
        const place = `${path}.${key}`;
        const named = isIdentifierName(key) || NAMED_VALUE_KEYS.includes(key.toLowerCase());
        return [key, named ? this.visit(held, place, depth + 1) : this.secret(held, place, depth + 1)];
      }),
    );
  }

  private whole(value: string, path: string): string {
    return this.text(value, path, value === '' ? [] : [{ start: 0, end: value.length }]);
  }

  private text(value: string, path: string, ranges: readonly Range[]): string {
    if (ranges.length > 0) this.places.set(path, ranges);
    for (const { start, end } of ranges) this.texts.values.add(value.slice(start, end));
    return replaced(value, ranges);
  }
}

/** What a text is as JSON, or what a command has of it among its words, with quotes escaped or not. */
function jsonIn(text: string): readonly unknown[] {
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1;
  if (start < 0 || end <= start || text.length > JSON_LENGTH_MAX) return [];
  const part = text.slice(start, end);
  const spellings = part.includes('\\"') ? [part, part.replaceAll('\\"', '"')] : [part];
  return spellings
    .filter((spelling) => JSON_START.test(spelling))
    .map(parsed)
    .filter((value) => value !== null);
}

/** Trying in vain to read JSON is dear, and braces begin much else in a command. */
const JSON_START = /^(?:\{\s*["}]|\[\s*["\]{[\dtfn-])/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
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
