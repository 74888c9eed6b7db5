/** What a hook remembers between two runs: a call is taken once, the oldest first, and forgotten after a day. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallMemory } from '../../src/integrations/hooks/call-memory.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the memory of calls that run', () => {
  let folder: string;
  let nowMs: number;
  let memory: CallMemory;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'call-memory-'));
    nowMs = Date.parse('2026-03-01T12:00:00Z');
    memory = new CallMemory(folder, () => nowMs);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives a call once', () => {
    memory.remember('session and call', 'dec_1');
    expect(memory.take('another call')).toBeNull();
    expect(memory.take('session and call')).toBe('dec_1');
    expect(memory.take('session and call')).toBeNull();
  });

  it('gives the oldest of the calls that look the same first', () => {
    memory.remember('the same', 'dec_2');
    nowMs += 1;
    memory.remember('the same', 'dec_1');
    expect([memory.take('the same'), memory.take('the same')]).toEqual(['dec_2', 'dec_1']);
  });

  it('forgets what is older than a day when the next call comes, and leaves what is not its own', () => {
    memory.remember('long ago', 'dec_1');
    writeFileSync(join(folder, 'notes'), '');
    nowMs += DAY_MS;
    memory.remember('a day later', 'dec_2');
    expect(readdirSync(folder)).toHaveLength(3);
    nowMs += 1;
    memory.remember('just after', 'dec_3');
    expect(memory.take('long ago')).toBeNull();
    expect(memory.take('a day later')).toBe('dec_2');
    expect(readdirSync(folder)).toContain('notes');
  });

  it('keeps no call whose id is no name of a file', () => {
    memory.remember('a call', '../outside');
    expect(readdirSync(folder)).toEqual([]);
  });
});
