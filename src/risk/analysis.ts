/** One assessment in progress: what is examined, what was found, and how far it may go. */
import type { Proposal } from '../domain/assessment.js';
import type { Bounds } from './bounds.js';
import type { Excerpt } from './excerpt.js';
import { Files, type Place, type Text } from './files.js';
import { type Finding, type FindingDetails, finding, type Judgement } from './finding.js';
import { Answers } from './memo.js';
import type { RiskRegistry } from './registry.js';
import { startOf } from './resolve.js';

export type Language = 'shell' | 'sql' | 'python' | 'javascript';

export type { Place, Text } from './files.js';

/** What a reader needs to know besides the text. */
export interface Reading {
  readonly place: Place;
  /** The directory it would run in, as a canonical path. */
  readonly directory: string;
  /** Database, host or cluster names that say which environment is meant. */
  readonly names: readonly string[];
  /** What a reader reports when it cannot read the text, if it must be worse than its own default. */
  readonly whenUnreadable?: Judgement;
  /** What is piped into it, when it is a script. */
  readonly stdin?: Text;
}

/** Reads a text of one language and reports what it would do. */
export type Reader = (text: Excerpt, reading: Reading, analysis: Analysis) => void;

/** What stays on this machine is no different in production. */
const SURROUNDED_TIER = 2;
/** Statements change a database, but for these, which change files. */
const WRITES_FILES = /^\s*[\\.]|\\[!ogw]|\bcopy\b|outfile|dumpfile|writefile|lo_export/im;

export class Analysis {
  readonly findings: Finding[] = [];
  /** The directory calls start in: absolute and canonical, or `.` when the harness did not say. */
  readonly directory: string;
  /** What of the gate an earlier command of the call looked for, so that a later one may use it unnamed. */
  readonly sought = new Set<'process' | 'file' | 'environment' | 'line'>();

  /** Scripts of the workspace that are being looked at, by file and name. */
  readonly running = new Set<string>();

  /** Values that a command gives where a secret belongs, whatever was done to hide them. */
  readonly secrets = new Set<string>();

  /** What is known of single words. */
  readonly known = new Answers();

  /** What the files that the call names hold. */
  readonly files: Files;
  /** True while commands are walked only for what they change in files. */
  rehearsing = false;
  private readonly settled = new WeakSet<Finding>();
  /** Names around the command that is being judged, which say which environment it works on. */
  private surroundings: readonly string[] = [];

  constructor(
    readonly proposal: Proposal,
    readonly registry: RiskRegistry,
    /** Passed in by the composition, so that languages can contain each other without importing each other. */
    private readonly readers: Readonly<Record<Language, Reader>>,
    readonly bounds: Bounds,
  ) {
    this.directory = startOf(proposal.cwd);
    this.files = new Files(proposal);
  }

  report(judgement: Judgement, details: FindingDetails): void {
    const found = finding(judgement, details);
    const concerned = this.surroundings.length > 0 && found.tier >= SURROUNDED_TIER && details.local !== true;
    this.findings.push(concerned ? { ...found, names: [...found.names, ...this.surroundings] } : found);
    this.bounds.checkFindings(this.findings.length);
  }

  /** Judges something in surroundings whose names say which environment is meant. */
  within<T>(names: readonly string[], work: () => T): T {
    const before = this.surroundings;
    this.surroundings = [...before, ...names];
    try {
      return work();
    } finally {
      this.surroundings = before;
    }
  }

  /** From here on these names surround every command. */
  enter(names: readonly string[]): void {
    this.surroundings = [...this.surroundings, ...names];
  }

  /** True when a secret was read earlier in the call. */
  hasReadSecrets(): boolean {
    return this.findings.some((found) => found.tier === 2 && found.verb === 'read');
  }

  /** Hands a text to the reader of its language, one level deeper. */
  read(language: Language, text: Excerpt, reading: Reading): void {
    this.bounds.checkLength(text.text);
    const before = this.findings.length;
    this.bounds.deeper(() => this.readers[language](text, reading, this));
    if (language === 'sql' && !WRITES_FILES.test(text.text)) this.settle(before);
  }

  /** Marks what was found from an index on as what changes no file but those it names. */
  settle(from: number): void {
    for (const found of this.findings.slice(from)) this.settled.add(found);
  }

  /** True when something found from an index on may have changed any file. */
  mayHaveChangedFiles(from: number): boolean {
    return this.findings.slice(from).some((found) => found.verb !== 'read' && !this.settled.has(found));
  }
}
