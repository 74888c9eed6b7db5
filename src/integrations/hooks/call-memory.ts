/** Remembers, between two runs of a hook, which tool call an after-event belongs to. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A call whose after-event has not come by then will not have one. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** `$XDG_STATE_HOME/countersign/hooks`, else below `~/.local/state`. */
export function memoryFolder(environment: NodeJS.ProcessEnv): string {
  const home = environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(home, 'countersign', 'hooks');
}

/**
 * One empty file a call, named by the digest of its memo, the time and the call's id: hooks that run at the
 * same moment share no file, and taking one is deleting it, which only one of them can.
 */
export class CallMemory {
  constructor(
    private readonly folder: string,
    private readonly nowMs: () => number,
  ) {}

  /** @param toolCallId must be safe in a file name, as `dec_` + ULID is */
  remember(memo: string, toolCallId: string): void {
    if (!/^[\w-]{1,100}$/.test(toolCallId)) return;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.forgetOld();
    const at = String(this.nowMs()).padStart(15, '0');
    writeFileSync(join(this.folder, `${digest(memo)}.${at}.${toolCallId}`), '', { mode: 0o600 });
  }

  /** The oldest call remembered under the memo, once; null when there is none. */
  take(memo: string): string | null {
    const prefix = `${digest(memo)}.`;
    for (const name of this.names()
      .filter((name) => name.startsWith(prefix))
      .sort()) {
      try {
        unlinkSync(join(this.folder, name));
      } catch {
        continue; // Another hook took it.
      }
      return name.split('.')[2] ?? null;
    }
    return null;
  }

  private names(): string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return [];
    }
  }

  private forgetOld(): void {
    for (const name of this.names()) {
      const age = this.nowMs() - Number(name.split('.')[1]);
      if (age > KEPT_MS) rmSync(join(this.folder, name), { force: true });
    }
  }
}

const digest = (memo: string): string => createHash('sha256').update(memo).digest('hex').slice(0, 40);
