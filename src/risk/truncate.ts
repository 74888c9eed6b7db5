/** Shortens recorded arguments to a size that a ledger can keep, and marks what was cut. */

/** Bytes of JSON that recorded arguments may take. */
export const RECORDED_BYTES_MAX = 16 * 1024;
/** Bytes of JSON that people may be asked about: who agrees must have been able to read it. */
export const SHOWN_BYTES_MAX = 64 * 1024;
const MARK_BYTES = 48;
const DEPTH_MAX = 64;

export interface Truncation {
  readonly value: unknown;
  readonly truncated: boolean;
  /** Code units kept of each text that was cut, by its path. */
  readonly kept: ReadonlyMap<string, number>;
}

/** Cuts long texts and leaves out what no longer fits, in order of appearance. */
export function truncate(value: unknown, bytesMax = RECORDED_BYTES_MAX): Truncation {
  if (jsonBytes(value) <= bytesMax) return { value, truncated: false, kept: new Map() };
  const truncator = new Truncator(bytesMax - MARK_BYTES);
  return { value: truncator.visit(value, 'input', 0), truncated: true, kept: truncator.kept };
}

class Truncator {
  readonly kept = new Map<string, number>();

  constructor(private bytesLeft: number) {}

  visit(value: unknown, path: string, depth: number): unknown {
    if (this.bytesLeft <= MARK_BYTES || depth > DEPTH_MAX) return this.mark(path);
    if (typeof value === 'string') return this.text(value, path);
    if (Array.isArray(value)) return this.list(value, path, depth);
    if (typeof value === 'object' && value !== null) return this.record(value, path, depth);
    this.bytesLeft -= jsonBytes(value);
    return value;
  }

  private text(value: string, path: string): string {
    const bytes = jsonBytes(value);
    if (bytes + MARK_BYTES <= this.bytesLeft) {
      this.bytesLeft -= bytes;
      return value;
    }
    const kept = this.longestPrefix(value);
    this.kept.set(path, kept);
    this.bytesLeft = 0;
    return `${value.slice(0, kept)}… [${value.length - kept} more characters]`;
  }

  private longestPrefix(value: string): number {
    let low = 0;
    let high = value.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (jsonBytes(value.slice(0, middle)) + MARK_BYTES <= this.bytesLeft) low = middle;
      else high = middle - 1;
    }
    return /[\uD800-\uDBFF]/.test(value.charAt(low - 1)) ? low - 1 : low;
  }

  private list(values: readonly unknown[], path: string, depth: number): unknown[] {
    this.bytesLeft -= 2;
    const result: unknown[] = [];
    for (const [index, value] of values.entries()) {
      this.bytesLeft -= 1;
      result.push(this.visit(value, `${path}[${index}]`, depth + 1));
      if (this.bytesLeft <= MARK_BYTES) break;
    }
    return result;
  }

  private record(value: object, path: string, depth: number): Record<string, unknown> {
    this.bytesLeft -= 2;
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [key, held] of Object.entries(value)) {
      const bytes = jsonBytes(key) + 2;
      if (bytes + MARK_BYTES > this.bytesLeft) break;
      this.bytesLeft -= bytes;
      result[key] = this.visit(held, `${path}.${key}`, depth + 1);
    }
    return { ...result };
  }

  private mark(path: string): string {
    this.kept.set(path, 0);
    this.bytesLeft = 0;
    return '… [truncated]';
  }
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? 'null', 'utf8');
}
