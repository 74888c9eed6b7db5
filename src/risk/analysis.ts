/** One assessment in progress: what is examined, what was found, and how far it may go. */
import type { Proposal, ProposalFile } from '../domain/assessment.js';
import { Bounds } from './bounds.js';
import type { Excerpt } from './excerpt.js';
import { type Finding, type FindingDetails, finding, type Judgement } from './finding.js';
import type { RiskRegistry } from './registry.js';

export type Language = 'shell' | 'sql' | 'python' | 'javascript';

/** A text, whether all of it is known, and whether it was fetched or decoded on the way. */
export interface Text {
  readonly text: string;
  readonly known: boolean;
  readonly taint: 'none' | 'fetched' | 'decoded';
}

/** Where a text would run; a container or another host has no workspace to undo things in. */
export type Place = 'here' | 'container' | 'remote';

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

export class Analysis {
  readonly findings: Finding[] = [];
  readonly bounds = new Bounds();
  /** What of the gate an earlier command of the call looked for, so that a later one may use it unnamed. */
  readonly sought = new Set<'process' | 'file' | 'environment'>();

  /** Values that a command gives where a secret belongs, whatever was done to hide them. */
  readonly secrets = new Set<string>();

  constructor(
    readonly proposal: Proposal,
    readonly registry: RiskRegistry,
    /** Passed in by the composition, so that languages can contain each other without importing each other. */
    private readonly readers: Readonly<Record<Language, Reader>>,
  ) {}

  report(judgement: Judgement, details: FindingDetails): void {
    this.findings.push(finding(judgement, details));
    this.bounds.checkFindings(this.findings.length);
  }

  /** True when a secret was read earlier in the call. */
  hasReadSecrets(): boolean {
    return this.findings.some((found) => found.tier === 2 && found.verb === 'read');
  }

  /** Hands a text to the reader of its language, one level deeper. */
  read(language: Language, text: Excerpt, reading: Reading): void {
    this.bounds.checkLength(text.text);
    this.bounds.deeper(() => this.readers[language](text, reading, this));
  }

  private readonly written = new Map<string, Text>();

  /** Remembers what the call itself writes into a file, so that running the file is judged by it. */
  noteWritten(path: string, content: Text): void {
    this.written.set(withoutDot(path), content);
  }

  /** The content of a file as the call would find it: written by the call before, else sent along by the harness. */
  content(path: string): Text | undefined {
    const written = this.written.get(withoutDot(path));
    if (written !== undefined) return written;
    const file = this.file(path);
    return file === undefined ? undefined : { text: file.content, known: true, taint: 'none' };
  }

  /** A file the harness sent along, by the name the call uses for it. */
  file(path: string): ProposalFile | undefined {
    const wanted = withoutDot(path);
    const files = this.proposal.files;
    return (
      files.find((file) => withoutDot(file.path) === wanted) ??
      files.find(
        (file) =>
          file.path.endsWith(`/${wanted}`) ||
          (path.startsWith('/') && path.endsWith(`/${withoutDot(file.path)}`)),
      )
    );
  }
}

function withoutDot(path: string): string {
  return path.replace(/^(\.\/)+/, '');
}
