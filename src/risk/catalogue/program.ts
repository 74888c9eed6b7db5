/** The form of a catalogue entry for a command-line program. Entries are data; the engine reads them. */
import type { Tier } from '../../domain/assessment.js';
import type { Language } from '../analysis.js';
import type { Judgement } from '../finding.js';
import type { Access } from './places.js';

/** A command and what the engine must say of it; every one is run as a test. */
export interface Example {
  readonly run: string;
  readonly tier: Tier;
  readonly points: number;
}

/** Which operands of a command are meant. `from` counts after the subcommand, starting at 0. */
export type Operands = 'all' | 'first' | 'last' | 'all but last' | 'after first';

/** The call does one thing. In `target`, `{0}` is an operand after the subcommand, `{--flag}` a flag's value. */
export interface Does {
  readonly does: Judgement;
  readonly target?: string;
}

/** The call reads, writes or deletes files. Recursive flags turn `delete` into `delete-tree`. */
export interface Touches {
  readonly touches: Access;
  readonly operands?: Operands;
  /** The paths are the values of this flag instead. */
  readonly flag?: readonly string[];
  /** The paths are operands of the form `of=PATH`. */
  readonly assignment?: string;
}

/** The call runs a text that stands in its arguments, a file or its standard input. */
export interface Runs {
  readonly runs: Language;
  readonly from:
    | { readonly flag: readonly string[] }
    | { readonly fileFlag: readonly string[] }
    | { readonly operand: number }
    /** The word after one of these, where flags may follow operands. */
    | { readonly afterWord: readonly string[] }
    | { readonly restAsText: number }
    | { readonly fileOperand: number }
    | 'stdin';
  /** What it counts as when the text cannot be seen. */
  readonly unseen?: Judgement;
  readonly place?: 'container' | 'remote';
}

/** The call runs another command, given as its own arguments. */
export interface Wraps {
  readonly wraps: 'command';
  /** Operands that stand before the wrapped command. */
  readonly skip: number;
  /** The subcommand is itself the wrapped program, as in `npx prisma`. */
  readonly whole?: true;
  readonly place?: 'container' | 'remote';
}

/** The call sends a request to an API: its first operand is the path, its flags the method and the body. */
export interface Asks {
  /** The address the path is taken from. */
  readonly asks: string;
  readonly method: readonly string[];
  /** Flags that give fields of the body as `name=value`. */
  readonly fields: readonly string[];
  /** Flags that give the whole body as a file or as `-` for the standard input. */
  readonly input: readonly string[];
}

/** Where the arguments hold commands that the program runs besides, whichever rule fits. */
export interface Carries {
  /** Any of the words may begin a command, and any text among them may be a command line. */
  readonly words?: true;
  /** Flags whose value is a command line. */
  readonly flags?: readonly string[];
  /** Arguments that hold a command line in their first group; each has the flag `g`. */
  readonly texts?: readonly RegExp[];
  /** The word after one that matches is a command line. */
  readonly after?: RegExp;
  /** As `texts`, for what is piped in. */
  readonly piped?: readonly RegExp[];
}

export type Outcome = Does | Touches | Runs | Wraps | Asks;

/** One rule; within a program the first that matches counts. */
export interface Rule {
  /** Subcommand words with alternatives: `volume delete|rm`. Empty fits every call. `*` fits any word. */
  readonly sub: string;
  /** At least one of these flags is given. */
  readonly flags?: readonly string[];
  /** None of these flags is given. */
  readonly without?: readonly string[];
  /** One of the operands after the subcommand matches. */
  readonly operand?: RegExp;
  /** Each of these matches one of the operands, wherever it stands. */
  readonly words?: readonly RegExp[];
  /** The value of some flag matches. */
  readonly value?: RegExp;
  /** At least this many operands follow the subcommand. */
  readonly atLeast?: number;
  /** At most this many operands follow the subcommand. */
  readonly atMost?: number;
  /** The first operand after the subcommand is a program of the catalogue. */
  readonly catalogued?: true;
  /** Something is piped in. */
  readonly piped?: boolean;
  readonly outcomes: readonly Outcome[];
}

/** What the engine has of its own for programs whose arguments are a language of their own. */
export type Extractor =
  | 'curl'
  | 'wget'
  | 'httpie'
  | 'socket'
  | 'find'
  | 'xargs'
  | 'interpreter'
  | 'code'
  | 'builtin'
  | 'schedule'
  | 'windows';

export interface Program {
  /** Names the program is called by, without a directory. */
  readonly programs: readonly string[];
  /** Flags that take their value from the next word. */
  readonly valueFlags?: readonly string[];
  /** Long flags start with a single dash, so `-lock` is not `-l -o -c -k`. */
  readonly singleDash?: boolean;
  /** Stop reading flags at the first operand: what follows belongs to another command. */
  readonly stopAtOperand?: boolean;
  /** `delete` means a whole tree when one of these is given. */
  readonly recursiveFlags?: readonly string[];
  readonly rules: readonly Rule[];
  /** What a call that no rule fits counts as. */
  readonly otherwise: Judgement;
  /** What a call whose subcommand cannot be seen counts as. */
  readonly worst?: Judgement;
  readonly extractor?: Extractor;
  readonly carries?: Carries;
  /** What it prints was fetched or decoded, so running it is running code that nobody saw. */
  readonly prints?: 'fetched' | 'decoded';
  readonly examples: readonly Example[];
}

type Options = Omit<Rule, 'sub' | 'outcomes'>;

/** A rule, written in one line. */
export function on(sub: string, options: Options, ...outcomes: (Outcome | Judgement)[]): Rule {
  return {
    sub,
    ...options,
    outcomes: outcomes.map((outcome) => ('tier' in outcome ? { does: outcome } : outcome)),
  };
}

/** Shows its help or its version: true of every program. */
export const HELP_FLAGS: readonly string[] = ['--help', '--version'];
