/** The auditor's book: a line a budget, looked up and held on the way a person would do it with a pencil. */

const DAY_MS = 24 * 60 * 60 * 1000;
export const MAX = 2n ** 63n - 1n;

export type Policy = 'REJECT' | 'ALLOW_IF_AVAILABLE' | 'ALLOW_WITH_OVERDRAFT';

export interface Line {
  allocated: bigint;
  spent: bigint;
  reserved: bigint;
  debt: bigint;
  limit: bigint;
  uncovered: bigint;
  frozen: boolean;
  closed: boolean;
  policy: Policy | null;
  isSession: boolean;
  touchedMs: number;
  midnightMs: number | null;
}

export interface Template {
  readonly id: string;
  readonly pattern: string;
  readonly unit: string;
  readonly allocated: bigint;
  readonly daily: boolean;
}

export const remaining = (line: Line): bigint => line.allocated - line.spent - line.reserved - line.debt;
export const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export class Book {
  readonly lines = new Map<string, Line>();
  protected readonly retired = new Set<string>();
  protected templates: Template[] = [];

  constructor(protected nowMs: number) {}

  protected open(place: string, how: Partial<Line>): Line {
    const blank = { allocated: 0n, spent: 0n, reserved: 0n, debt: 0n, limit: 0n, uncovered: 0n };
    const line: Line = {
      ...blank,
      frozen: false,
      closed: false,
      policy: null,
      isSession: false,
      touchedMs: this.nowMs,
      midnightMs: null,
      ...how,
    };
    this.lines.set(place, line);
    return line;
  }

  protected isThere({ scope, unit }: { scope: string; unit: string }): string | null {
    if (this.retired.has(`${scope}|${unit}`)) return 'refused budget_closed';
    return this.lines.has(`${scope}|${unit}`) ? null : 'refused budget_not_found';
  }

  protected line(place: string): Line {
    const line = this.lines.get(place);
    if (line === undefined) throw new Error(`the auditor has no line at ${place}`);
    return line;
  }

  /** The scopes of a subject, as one reads them off: longer by a level each time. */
  protected scopes(subject: Readonly<Record<string, unknown>>): string[] {
    const scopes = ['tenant:acme'];
    for (const level of ['workspace', 'app', 'workflow', 'agent', 'toolset']) {
      if (typeof subject[level] === 'string')
        scopes.push(`${scopes.at(-1)}/${level}:${subject[level].toLowerCase()}`);
    }
    return scopes;
  }

  protected templateFor(scope: string, unit: string): Template | undefined {
    const fitting = this.templates.filter(
      (known) => known.unit === unit && regexOf(known.pattern).test(scope),
    );
    return fitting.sort((a, b) => b.pattern.length - a.pattern.length)[0];
  }

  /** Looks at every scope; answers why it cannot be held, or the function that holds it. */
  protected tryHold(scopes: string[], unit: string, amount: bigint): string | (() => string[]) {
    const found: { place: string; line: Line; template?: Template }[] = [];
    for (const scope of scopes) {
      const place = `${scope}|${unit}`;
      const line = this.lines.get(place);
      const template = this.templateFor(scope, unit);
      const virtual = {
        reserved: 0n,
        spent: 0n,
        debt: 0n,
        limit: 0n,
        uncovered: 0n,
        frozen: false,
        policy: null,
      };
      const rest = { ...virtual, touchedMs: this.nowMs, midnightMs: null, isSession: false };
      if (line) found.push({ place, line });
      else if (this.retired.has(place)) found.push({ place, line: { ...rest, allocated: 0n, closed: true } });
      else if (template)
        found.push({ place, template, line: { ...rest, allocated: template.allocated, closed: false } });
    }
    if (found.length === 0) {
      const other = scopes.some((scope) =>
        [...this.lines.keys()].some((place) => place.startsWith(`${scope}|`)),
      );
      return other ? 'unit_mismatch' : 'budget_not_found';
    }
    const lines = found.map(({ line }) => line);
    if (lines.some((line) => line.closed)) return 'budget_closed';
    if (lines.some((line) => line.frozen)) return 'budget_frozen';
    if (lines.some((line) => line.debt > line.limit || line.uncovered > 0n)) return 'over_limit';
    if (lines.some((line) => line.debt > 0n)) return 'debt_outstanding';
    if (lines.some((line) => remaining(line) < amount)) return 'budget_exceeded';
    return () => found.map(({ place, template }) => this.take(place, amount, template));
  }

  protected take(place: string, amount: bigint, template: Template | undefined): string {
    if (template) {
      const midnightMs = template.daily ? Math.floor(this.nowMs / DAY_MS) * DAY_MS + DAY_MS : null;
      const isSession = /\/workflow:[^/]*\|/.test(place) || /^tenant:acme\/workflow:[^/]*\|/.test(place);
      this.open(place, { allocated: template.allocated, isSession, midnightMs });
    }
    const line = this.line(place);
    line.reserved += amount;
    line.touchedMs = this.nowMs;
    return place;
  }

  protected policyOf(places: string[], asked: Policy | null): Policy {
    const own = [...places].reverse().map((place) => this.line(place).policy);
    return asked ?? own.find((policy) => policy !== null) ?? 'ALLOW_IF_AVAILABLE';
  }

  protected dueOf(place: string, line: Line): { atMs: number; happen: () => void }[] {
    const due: { atMs: number; happen: () => void }[] = [];
    const { midnightMs } = line;
    if (midnightMs !== null) {
      const renewed = { spent: 0n, uncovered: 0n, midnightMs: midnightMs + DAY_MS, touchedMs: midnightMs };
      due.push({ atMs: midnightMs, happen: () => Object.assign(line, renewed) });
    }
    if (line.isSession && line.reserved === 0n && !line.frozen) {
      const happen = () => {
        this.lines.delete(place);
        this.retired.add(place);
      };
      due.push({ atMs: line.touchedMs + DAY_MS, happen });
    }
    return due;
  }
}

/** A scope pattern as a regular expression. */
function regexOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part, at) => {
    if (part === '**') return '(/[^/]+)*';
    return `${at === 0 ? '' : '/'}${part.replace(/[.]/g, '\\.').replace(/\*$/, '[^/]+')}`;
  });
  return new RegExp(`^${parts.join('')}$`);
}
