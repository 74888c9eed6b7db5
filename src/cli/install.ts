/** `countersign install <harness>` and `uninstall`: hooks in a harness's own settings, tried before they are left there. */

import { fileURLToPath } from 'node:url';
import { createTwoFilesPatch } from 'diff';
import type { Harness } from '../integrations/harnesses/harness.js';
import { harnessNamed } from '../integrations/harnesses/harnesses.js';
import { publicKeyOf, settingsChange, wantedFile } from '../integrations/install/hook-settings.js';
import {
  carryOut,
  type FileChange,
  fileOf,
  InstallationRecord,
  NotInstallable,
  planOf,
  takeBack,
} from '../integrations/install/installation.js';
import { commandLine, type Program, UnspeakablePath } from '../integrations/install/program-line.js';
import { type ProbeResult, selfTest } from '../integrations/install/self-test.js';
import { type Scope, TARGETS, type Target, targetNamed, thisSite } from '../integrations/install/targets.js';
import { machineFolder, settingsFolder } from '../integrations/settings.js';
import { confirm } from './confirm.js';
import type { GlobalOptions } from './connection.js';
import { Complaint, columns, type Palette, paletteFor, print, printJson, visible } from './terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:7878';
/** The name under which the hooks' own settings are kept among the installations. */
const SETTINGS = 'settings';

export interface InstallOptions extends GlobalOptions {
  readonly machine?: boolean;
  readonly user?: boolean;
  readonly project?: string | true;
  readonly apiKey?: string;
  readonly publicKey?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Where an installation is, and under which name it is kept. */
export interface Place {
  readonly target: Target;
  readonly harness: Harness;
  readonly scope: Scope;
  readonly path: string;
  readonly name: string;
  /** The folder of the hooks' settings. */
  readonly folder: string;
  readonly record: InstallationRecord;
}

/** This program, as a harness has to start it. */
export const thisProgram = (): Program => ({
  node: process.execPath,
  script: fileURLToPath(new URL('./countersign.js', import.meta.url)),
});

/** @throws Complaint for an unknown harness, or a scope that it does not have */
export function placeOf(name: string, options: InstallOptions): Place {
  const target = targetNamed(name);
  const harness = harnessNamed(name);
  if (target === null || harness === null) {
    throw new Complaint(
      `no harness "${visible(name)}"; one of: ${TARGETS.map((each) => each.name).join(', ')}`,
    );
  }
  const scope = scopeOf(options) ?? target.defaultScope;
  const site = thisSite(typeof options.project === 'string' ? options.project : process.cwd());
  const path = complaining(() => fileOf(target, scope, site));
  const folder = scope === 'machine' ? machineFolder() : settingsFolder(process.env);
  return {
    target,
    harness,
    scope,
    path,
    name: `${name} ${path}`,
    folder,
    record: new InstallationRecord(folder),
  };
}

function scopeOf({ machine, user, project }: InstallOptions): Scope | null {
  const given = [machine && 'machine', user && 'user', project !== undefined && 'project'].filter(Boolean);
  if (given.length > 1) throw new Complaint('say one of --machine, --user and --project');
  return (given[0] as Scope | undefined) ?? null;
}

/** Installs the hooks of a harness, after showing what changes, and leaves them only if they pass their test. */
export async function install(name: string, options: InstallOptions): Promise<void> {
  const place = placeOf(name, options);
  const palette = paletteFor(process.stdout, process.env);
  const { settings, harness: hooks } = await changesOf(place, options);
  const changes = [...settings, ...hooks];
  if (!options.json) showChanges(changes, palette);
  if (options.dryRun) {
    if (options.json) printJson({ installed: false, changes: changes.map(({ path }) => path) });
    return;
  }
  if (changes.length > 0) {
    await confirm(`This installs Countersign’s hook for ${place.target.title}.`, options);
  }
  const forget = complaining(() => change(place, settings, hooks));
  const { run } = commandLine(thisProgram(), name);
  const results = await selfTest(place.harness, run, `countersign-self-test-${Date.now()}`);
  const hasPassed = results.every(({ wanted, got }) => wanted === got);
  if (!hasPassed) {
    forget();
    takeBack(changes);
  }
  if (options.json)
    printJson({ installed: hasPassed, changes: changes.map(({ path }) => path), self_test: results });
  else showResults(results, palette);
  if (!hasPassed) throw new Complaint('the hook did not pass its test, so everything is as it was before');
  if (!options.json)
    print('', `${place.target.title} asks the gate from now on. Restart it if it is running.`);
}

/** What is there when an error comes is told in one line. */
export function complaining<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof NotInstallable || error instanceof UnspeakablePath)
      throw new Complaint(error.message);
    throw error;
  }
}

async function changesOf(place: Place, options: InstallOptions) {
  const { target, scope, folder } = place;
  const site = thisSite(typeof options.project === 'string' ? options.project : process.cwd());
  try {
    const wanted = {
      url: options.url ?? (process.env['COUNTERSIGN_URL'] || undefined),
      apiKey: options.apiKey ?? (process.env['COUNTERSIGN_API_KEY'] || undefined),
      publicKey: options.publicKey,
    };
    const file = wantedFile(folder, wanted, DEFAULT_URL);
    if (file === null) {
      throw new Complaint(
        'no API key: make one with "countersign keys issue", then give it in COUNTERSIGN_API_KEY or --api-key',
      );
    }
    const publicKey = file.publicKey ?? (await publicKeyOf(file.url));
    const settings = [settingsChange(folder, { ...file, publicKey }, scope === 'machine')];
    return {
      settings: settings.filter(({ before, after }) => before !== after),
      harness: planOf(target, scope, site, thisProgram()),
    };
  } catch (error) {
    if (error instanceof NotInstallable || error instanceof UnspeakablePath)
      throw new Complaint(error.message);
    throw error;
  }
}

/**
 * Keeps what the files are before it changes them, so that an installation that is cut off can be taken back too.
 * @returns what forgets it again
 */
function change(
  { record, name }: Place,
  settings: readonly FileChange[],
  hooks: readonly FileChange[],
): () => void {
  const forget = record.snapshot();
  try {
    record.keep(SETTINGS, settings);
    record.keep(name, hooks);
    carryOut([...settings, ...hooks]);
  } catch (error) {
    forget();
    throw error;
  }
  return forget;
}

/** Takes an installation back: to the byte where nobody changed the file since, else our entries only. */
export async function uninstall(name: string, options: InstallOptions): Promise<void> {
  const place = placeOf(name, options);
  const palette = paletteFor(process.stdout, process.env);
  const { record, target, path } = place;
  const changes = complaining(() => record.planOfRemoval(place.name, target, path));
  const isLast = complaining(() => record.names.every((each) => [place.name, SETTINGS].includes(each)));
  const settings = isLast ? complaining(() => record.planOfRemoval(SETTINGS, { name: SETTINGS }, path)) : [];
  const all = [...changes, ...settings.filter((each) => each.path !== path)];
  if (!options.json) showChanges(all, palette);
  if (!options.dryRun) {
    if (all.length > 0) {
      await confirm(`This removes Countersign’s hook: ${target.title} will ask nobody.`, options);
      complaining(() => carryOut(all));
    }
    complaining(() => {
      record.forget(place.name);
      if (isLast) record.forget(SETTINGS);
    });
  }
  const isRemoved = all.length > 0 && options.dryRun !== true;
  if (options.json) printJson({ uninstalled: isRemoved, changes: all.map((each) => each.path) });
  else if (all.length === 0) print(`Nothing of Countersign is in ${path}.`);
  else if (isRemoved) print('', `${target.title} no longer asks the gate.`);
}

/** Line by line, as `diff -u` shows it, without the secrets in it. */
function showChanges(changes: readonly FileChange[], palette: Palette): void {
  for (const { path, before, after } of changes) {
    print(palette.bold(visible(path)));
    const patch = createTwoFilesPatch('', '', before ?? '', after ?? '', '', '', { context: 2 });
    for (const line of patch.split('\n').slice(4)) {
      if (line !== '' && !line.startsWith('\\')) print(`  ${coloured(line, palette)}`);
    }
    if (after === null) print(palette.dim('  the file goes'));
    print('');
  }
}

function coloured(line: string, palette: Palette): string {
  const shown = visible(line.replace(/("api_key":\s*")[^"]*/, '$1…').replaceAll('\t', '    '));
  if (line.startsWith('+')) return palette.green(shown);
  if (line.startsWith('-')) return palette.red(shown);
  return palette.dim(shown);
}

function showResults(results: readonly ProbeResult[], palette: Palette): void {
  const words = { pass: 'passes', block: 'is blocked', nothing: 'gets no answer that counts' } as const;
  const rows = results.map(({ command, wanted, got, said }) => {
    const mark = got === wanted ? palette.green('ok  ') : palette.red('FAIL');
    return { mark, cells: [command, words[got]], said: got === wanted ? '' : said };
  });
  print(palette.bold('The hook was asked, as the harness asks it, about'));
  const lines = columns(rows.map(({ cells }) => cells));
  for (const [index, { mark, said }] of rows.entries()) {
    print(`  ${mark}  ${lines[index] ?? ''}${said === '' ? '' : `\n        ${visible(said)}`}`);
  }
}
