/** What of ours stands in a harness's files, and how it differs from what an installation would write. */

import { existsSync } from 'node:fs';
import { entriesAt, UneditableFile, valueAt } from './edit.js';
import { NotInstallable, planOf, textAt } from './installation.js';
import { commandLine, type Program, startsHook } from './program-line.js';
import type { Scope, Site, Target } from './targets.js';

export interface Finding {
  readonly scope: Scope;
  readonly path: string;
  /** The command line of its hook before a call; null when it has none. */
  readonly line: string | null;
  readonly problems: readonly string[];
}

/** Each place where a hook of ours stands, or a file that cannot be read for one. */
export function inspect(target: Target, site: Site, program: Program): Finding[] {
  return (['machine', 'user', 'project'] as const)
    .map((scope) => findingAt(target, scope, site, program))
    .filter((finding) => finding !== null);
}

function findingAt(target: Target, scope: Scope, site: Site, program: Program): Finding | null {
  const path = target.files[scope]?.(site);
  if (path === undefined) return null;
  let text: string | null = null;
  try {
    text = textAt(path);
    if (text === null) return null;
    return findingIn({ target, scope, site, program, path, text });
  } catch (error) {
    if (error instanceof NotInstallable) return { scope, path, line: null, problems: [error.message] };
    if (!(error instanceof UneditableFile) || text === null) throw error;
    const isOurs = text.includes('countersign');
    return isOurs ? { scope, path, line: null, problems: [`the file ${error.message}`] } : null;
  }
}

interface Place {
  readonly target: Target;
  readonly scope: Scope;
  readonly site: Site;
  readonly program: Program;
  readonly path: string;
  readonly text: string;
}

function findingIn(place: Place): Finding | null {
  const { target, scope, program, path, text } = place;
  const isOurs = startsHook(target.name);
  const { run, block } = commandLine(program, target.name);
  const wanted = target.entries(run, block);
  const found = wanted.map(({ event, entry }) => ({
    event,
    entry,
    ours: entriesAt(text, event).filter((each) => isOurs(JSON.stringify(each))),
  }));
  if (found.every(({ ours }) => ours.length === 0)) return null;
  const problems: string[] = [];
  for (const { event, entry, ours } of found) {
    if (ours.length === 0) problems.push(`no hook for ${event}`);
    else if (ours.length > 1) problems.push(`${ours.length} hooks for ${event}: a call counts as often`);
    else if (JSON.stringify(ours[0]) !== JSON.stringify(entry)) {
      problems.push(`the hook for ${event} is not as it is installed now: install it again`);
    }
  }
  problems.push(...switchProblems(place));
  const line = lineIn(found[0]?.ours[0]);
  if (line === null) problems.push('nothing is asked before a call');
  else for (const missing of missingPrograms(line)) problems.push(`${missing} is not there`);
  return { scope, path, line, problems };
}

/** Switches that keep a harness from running any hook. */
function switchProblems({ target, scope, site, program, path, text }: Place): string[] {
  const isOff = target.offSwitch !== undefined && valueAt(text, target.offSwitch) === true;
  const off = isOff ? [`the file sets ${target.offSwitch}: ${target.title} runs no hook`] : [];
  try {
    const others = planOf(target, scope, site, program).filter((change) => change.path !== path);
    return [...off, ...others.map((change) => `${change.path} does not switch hooks on`)];
  } catch (error) {
    if (!(error instanceof NotInstallable)) throw error;
    return [...off, error.message];
  }
}

/** The command line in an entry, wherever the harness wants it. */
function lineIn(entry: unknown): string | null {
  if (entry === undefined) return null;
  const text = /"(?:command|bash)":("(?:[^"\\]|\\.)*hook(?:[^"\\]|\\.)*")/.exec(JSON.stringify(entry))?.[1];
  return text === undefined ? null : (JSON.parse(text) as string);
}

const missingPrograms = (line: string): string[] =>
  [...line.matchAll(/"([^"]+)"/g)].map(([, path]) => path ?? '').filter((path) => !existsSync(path));
