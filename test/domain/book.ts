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
  /** When its period ends, and how long each is. */
  endMs: number | null;
  lengthMs: number;
  rollover: string;
  /** What came over from the period before. */
  carried: bigint;
}

export interface Template {
  readonly id: string;
  readonly pattern: string;
  readonly unit: string;
  readonly allocated: bigint;
  readonly daily: boolean;
  readonly rollover: string;
}

/** A line that is there or, with its template, would be. */
interface Found {
  readonly place: string;
  readonly line: Line;
  readonly template?: Template;
}

export const remaining = (line: Line): bigint => line.allocated - line.spent - line.reserved - line.debt;
export const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const BLANK: Omit<Line, 'touchedMs'> = {
  allocated: 0n,
  spent: 0n,
  reserved: 0n,
  debt: 0n,
  limit: 0n,
  uncovered: 0n,
  frozen: false,
  closed: false,
  policy: null,
  isSession: false,
  endMs: null,
  lengthMs: DAY_MS,
  rollover: 'NONE',
  carried: 0n,
};

export class Book {
  protected status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED' = 'ACTIVE';
  /** What the tenant has set, beginning with how the tables open it. */
  protected readonly settings = {
    policy: 'ALLOW_IF_AVAILABLE' as Policy,
    maxTtlMs: 3_600_000,
    extensions: 10,
    name: 'Acme',
  };

  readonly lines = new Map<string, Line>();
  protected readonly retired = new Set<string>();
  protected templates: Template[] = [];

  constructor(protected nowMs: number) {}

  protected open(place: string, how: Partial<Line>): Line {
    const line: Line = { ...BLANK, touchedMs: this.nowMs, ...how };
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

  /** The lines over some scopes, with those that templates would open; or why they cannot be used. */
  protected find(scopes: string[], unit: string): string | Found[] {
    const found: Found[] = [];
    for (const scope of scopes) {
      const place = `${scope}|${unit}`;
      const line = this.lines.get(place);
      const template = this.templateFor(scope, unit);
      const rest = { ...BLANK, touchedMs: this.nowMs };
      if (line) found.push({ place, line });
      else if (this.retired.has(place)) found.push({ place, line: { ...rest, closed: true } });
      else if (template) found.push({ place, template, line: { ...rest, allocated: template.allocated } });
    }
    if (found.length === 0) {
      const other = scopes.some((scope) =>
        [...this.lines.keys()].some((place) => place.startsWith(`${scope}|`)),
      );
      return other ? 'unit_mismatch' : 'budget_not_found';
    }
    if (found.some(({ line }) => line.closed)) return 'budget_closed';
    return found.some(({ line }) => line.frozen) ? 'budget_frozen' : found;
  }

  /** Looks at every scope; answers why it cannot be held, or the function that holds it. */
  protected tryHold(scopes: string[], unit: string, amount: bigint): string | (() => string[]) {
    const found = this.find(scopes, unit);
    if (typeof found === 'string') return found;
    const lines = found.map(({ line }) => line);
    if (lines.some((line) => line.debt > line.limit || line.uncovered > 0n)) return 'over_limit';
    if (lines.some((line) => line.debt > 0n)) return 'debt_outstanding';
    if (lines.some((line) => remaining(line) < amount)) return 'budget_exceeded';
    return () => found.map(({ place, template }) => this.take(place, amount, template));
  }

  /**
   * Charges lines for what was held of them and beyond; answers what was charged, or why it cannot be. Lines
   * change only when all can.
   */
  protected bear(lines: Line[], how: { held: bigint; actual: bigint; policy: Policy }): bigint | string {
    const { held, actual, policy } = how;
    const delta = positive(actual - held);
    const free = (line: Line) => (line.frozen ? 0n : positive(remaining(line)));
    const isCapped = (line: Line) =>
      policy === 'ALLOW_IF_AVAILABLE' || (policy === 'ALLOW_WITH_OVERDRAFT' && line.limit === 0n);
    if (policy === 'REJECT' && lines.some((line) => free(line) < delta)) return 'budget_exceeded';
    const covered = lines.filter(isCapped).map(free).reduce(least, delta);
    const debts = lines.map((line) =>
      policy === 'ALLOW_WITH_OVERDRAFT' ? positive(covered - free(line)) : 0n,
    );
    if (lines.some((line, at) => (debts[at] ?? 0n) > 0n && line.debt + (debts[at] ?? 0n) > line.limit)) {
      return 'overdraft_limit_exceeded';
    }
    const charged = least(actual, held) + covered;
    const after = lines.map((line, at) => {
      const debt = debts[at] ?? 0n;
      const missing = isCapped(line) ? positive(delta - free(line)) : 0n;
      const moved = {
        reserved: line.reserved - held,
        spent: line.spent + charged - debt,
        debt: line.debt + debt,
      };
      return { ...line, ...moved, uncovered: least(line.uncovered + missing, MAX) };
    });
    if (after.some((line) => line.spent > MAX || remaining(line) < -MAX - 1n)) return 'amount_overflow';
    lines.forEach((line, at) => {
      Object.assign(line, after[at], { touchedMs: this.nowMs });
    });
    return charged;
  }

  /** Opens what a template promises; nothing where there is none. */
  protected openFrom(template: Template | undefined, place: string): void {
    if (!template) return;
    const { allocated, rollover, daily } = template;
    const endMs = daily ? Math.floor(this.nowMs / DAY_MS) * DAY_MS + DAY_MS : null;
    const isSession = /\/workflow:[^/]*\|/.test(place) || /^tenant:acme\/workflow:[^/]*\|/.test(place);
    this.open(place, { allocated, isSession, endMs, rollover });
  }

  protected take(place: string, amount: bigint, template: Template | undefined): string {
    this.openFrom(template, place);
    const line = this.line(place);
    line.reserved += amount;
    line.touchedMs = this.nowMs;
    return place;
  }

  protected policyOf(places: string[], asked: Policy | null): Policy {
    const own = [...places].reverse().map((place) => this.lines.get(place)?.policy ?? null);
    return asked ?? own.find((policy) => policy !== null) ?? this.settings.policy;
  }

  protected dueOf(place: string, line: Line): { atMs: number; happen: () => void }[] {
    const due: { atMs: number; happen: () => void }[] = [];
    const { endMs } = line;
    if (endMs !== null) due.push({ atMs: endMs, happen: () => renew(line, endMs) });
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

/** A new period begins with its own, and with what was left where that is carried over. */
function renew(line: Line, endMs: number): void {
  const own = line.allocated - line.carried;
  const left = positive(line.allocated - line.spent);
  const most = line.rollover === 'CARRY_FORWARD' ? left : line.rollover === 'NONE' ? 0n : least(left, own);
  const carried = least(most, MAX - own);
  const begun = { allocated: own + carried, carried, spent: 0n, uncovered: 0n };
  Object.assign(line, begun, { endMs: endMs + line.lengthMs, touchedMs: endMs });
}

/** A scope pattern as a regular expression. */
function regexOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part, at) => {
    if (part === '**') return '(/[^/]+)*';
    return `${at === 0 ? '' : '/'}${part.replace(/[.]/g, '\\.').replace(/\*$/, '[^/]+')}`;
  });
  return new RegExp(`^${parts.join('')}$`);
}
