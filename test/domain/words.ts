/** The words of the decider tables: amounts, durations, scopes, names. */

import { type Amount, INT64_MAX, type Unit } from '../../src/domain/amount.js';
import type { DecisionId, ReservationId } from '../../src/domain/ids.js';
import type { Subject } from '../../src/domain/subject.js';

/** The words of a step: positional ones, `name=value` options, flags, `#key`. */
export class Words {
  readonly positional: string[] = [];
  private readonly options = new Map<string, string>();
  idempotencyKey: string | null = null;

  constructor(text: string) {
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const option = /^([a-z]+)=(.*)$/.exec(word);
      if (option) this.options.set(option[1] ?? '', option[2] ?? '');
      else if (word.startsWith('#')) this.idempotencyKey = word;
      else this.positional.push(word);
    }
  }
  at(index: number): string {
    const word = this.positional[index];
    if (word === undefined) throw new Error(`word ${index} is missing in: ${this.positional.join(' ')}`);
    return word;
  }
  option(name: string): string | undefined {
    return this.options.get(name);
  }
  has(flag: string): boolean {
    return this.positional.includes(flag);
  }
  amount(index: number): Amount {
    return amountOf(this.at(index));
  }
  /** Everything that was said, but for the idempotency key and, where it is the server's, the name. */
  asked(isNamedByServer: boolean): string {
    const words = this.positional.filter((_, index) => !(isNamedByServer && index === 1));
    return [...words, ...[...this.options].map((option) => option.join('='))].join(' ');
  }
  duration(name: string): number | null {
    const text = this.option(name);
    return text === undefined ? null : durationOf(text);
  }
}

const UNIT_NAMES: Readonly<Record<string, Unit>> = {
  '': 'USD_MICROCENTS',
  USD: 'USD_MICROCENTS',
  RISK: 'RISK_POINTS',
  TOKENS: 'TOKENS',
  CREDITS: 'CREDITS',
};

export function unitOf(name: string): Unit {
  const unit = UNIT_NAMES[name];
  if (unit === undefined) throw new Error(`no such unit: ${name}`);
  return unit;
}

export function amountOf(text: string): Amount {
  const parts = /^(\d+|max)([A-Z]*)$/.exec(text);
  if (parts === null) throw new Error(`no amount: ${text}`);
  const [, digits = '', unit = ''] = parts;
  return { unit: unitOf(unit), amount: digits === 'max' ? INT64_MAX : BigInt(digits) };
}

const DURATIONS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function durationOf(text: string): number {
  const parts = /^(\d+)([a-z]+)$/.exec(text);
  const factor = DURATIONS[parts?.[2] ?? ''];
  if (parts === null || factor === undefined) throw new Error(`no duration: ${text}`);
  return Number(parts[1]) * factor;
}

export const list = (text: string | undefined): string[] => (text ? text.split(',') : []);
export const reservationId = (name: string) => `rsv_${name}` as ReservationId;
export const decisionId = (name: string) => `dec_${name}` as DecisionId;
/** Scopes are written without the word `tenant:`, since every one begins with it. */
export const scopeOf = (text: string): string => (text.startsWith('tenant:') ? text : `tenant:${text}`);

export function subjectOf(text = 'acme', run?: string): Subject {
  const levels = scopeOf(text)
    .split('/')
    .map((segment) => segment.split(':'));
  return {
    ...Object.fromEntries(levels),
    ...(run !== undefined && { dimensions: { run_id: run } }),
  } as Subject;
}
