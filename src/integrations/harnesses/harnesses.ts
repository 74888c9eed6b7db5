/** The harnesses whose hooks are answered, by the names that the command line takes. */

import { claudeCode } from './claude-code.js';
import { codex } from './codex.js';
import { copilot } from './copilot.js';
import { cursor } from './cursor.js';
import { gemini } from './gemini.js';
import type { Harness } from './harness.js';
import { windsurf } from './windsurf.js';

export const HARNESSES: readonly Harness[] = [claudeCode, codex, copilot, cursor, gemini, windsurf];

export const HARNESS_NAMES: readonly string[] = HARNESSES.map(({ name }) => name);

/** The harness of that name; null when there is none. */
export const harnessNamed = (name: string): Harness | null =>
  HARNESSES.find((harness) => harness.name === name) ?? null;
