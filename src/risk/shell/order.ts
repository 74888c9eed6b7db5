/** What is known of files and of the directory where commands run perhaps, again, or at the same time as others. */
import type { PipelineNode, Statement } from 'unbash';
import type { Analysis } from '../analysis.js';
import { directoryOf } from '../paths.js';
import { canonicalHome } from '../resolve.js';
import type { Scope } from './scope.js';

/** Commands that may run or not; after `settle` both counts. */
export interface Perhaps {
  settle(): void;
}

export class Order {
  constructor(private readonly analysis: Analysis) {}

  /** True of a command that has gone to a directory which is always there. */
  isSure(command: PipelineNode, scope: Scope): boolean {
    if (command.type !== 'Command' || command.name?.text !== 'cd') return false;
    const directory = canonicalHome(scope.directory);
    return directory === '/tmp' || directory === directoryOf(this.analysis);
  }

  /** Whatever changes from here on, until it is settled, may have changed or not. */
  perhaps(scope: Scope): Perhaps {
    const { files } = this.analysis;
    const states = files.states();
    const { directory } = scope;
    return {
      settle: () => {
        files.doubtSince(states);
        if (scope.directory !== directory) files.loseDirectory();
      },
    };
  }

  /**
   * Walks what runs in no order that is known, only for what it changes: a loop's end comes before its next round,
   * and the stages of a pipeline work side by side. Nothing is reported.
   */
  rehearse(scope: Scope, walk: (own: Scope) => unknown): void {
    const { files, findings } = this.analysis;
    if (files.isEmpty || this.analysis.rehearsing) return;
    const states = files.states();
    const found = findings.length;
    const own = scope.fork();
    this.analysis.rehearsing = true;
    try {
      walk(own);
    } finally {
      this.analysis.rehearsing = false;
      findings.length = found;
    }
    files.doubtSince(states);
    if (own.directory !== scope.directory) files.loseDirectory();
  }
}

/** An `&` that ends a command, wherever it stands; one in a quoted text may be run as well. */
const BESIDE = /(?<![&<>|])&(?![&>])|\bcoproc\b/;

/** True when a part of a text may still run while what follows it does. */
export function mayRunBeside(text: string): boolean {
  return BESIDE.test(text);
}

/** True of a statement that goes on while the next ones run. */
export function isBackground({ background, command }: Statement): boolean {
  return background === true || command.type === 'Coproc';
}
