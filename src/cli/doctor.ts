/** `countersign doctor`: which hooks are installed here, whether they block, and what is wrong with them. */

import { existsSync, statSync } from 'node:fs';
import { harnessNamed } from '../integrations/harnesses/harnesses.js';
import { type Finding, inspect } from '../integrations/install/inspection.js';
import { selfTest } from '../integrations/install/self-test.js';
import { PATIENCE_S, type Scope, TARGETS, thisSite } from '../integrations/install/targets.js';
import {
  machineFolder,
  readSettings,
  SettingsError,
  settingsFolder,
  settingsIn,
} from '../integrations/settings.js';
import { complaining, thisProgram } from './install.js';
import { columns, paletteFor, print, printJson, visible } from './terminal.js';

interface Diagnosis {
  readonly harness: string;
  readonly scope: Scope;
  readonly file: string;
  /** Whether its hook was tried and stopped what it must, and let pass what it should. */
  readonly blocks: boolean;
  readonly problems: readonly string[];
}

/** Looks at every place where a hook may be, and tries each hook that it finds. Exit code 1 when anything is wrong. */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const site = thisSite(process.cwd());
  const found = TARGETS.flatMap((target) =>
    complaining(() => inspect(target, site, thisProgram())).map((finding) => ({ target, finding })),
  );
  const general = settingsProblems();
  const diagnoses: Diagnosis[] = [];
  for (const { target, finding } of found) {
    diagnoses.push(await diagnose(target.name, finding));
  }
  const isWell = general.length === 0 && diagnoses.every(({ problems }) => problems.length === 0);
  if (options.json) printJson({ well: isWell, settings: general, hooks: diagnoses });
  else show(diagnoses, general);
  if (!isWell && diagnoses.length + general.length > 0) process.exitCode = 1;
}

async function diagnose(name: string, { scope, path, line, problems }: Finding): Promise<Diagnosis> {
  const all = [...problems];
  const harness = harnessNamed(name);
  let blocks = false;
  if (line !== null && harness !== null) {
    const results = await selfTest(harness, line, `countersign-doctor-${Date.now()}`);
    blocks = results.every(({ wanted, got }) => wanted !== 'block' || got === 'block');
    for (const { command, wanted, got, said } of results) {
      if (wanted !== got) all.push(`"${command}" ${WORDS[got]}${said === '' ? '' : `: ${said}`}`);
    }
  }
  return { harness: name, scope, file: path, blocks, problems: all };
}

/** What is left for the gate of the time that harnesses give the hook, which starts and reads its input first. */
const GATE_MS_MAX = (PATIENCE_S - 15) * 1000;

const WORDS = { pass: 'passes', block: 'is blocked', nothing: 'gets no answer that counts' } as const;

function settingsProblems(): string[] {
  const machine = settingsIn(machineFolder());
  const own = settingsIn(settingsFolder(process.env));
  const path = existsSync(machine) ? machine : own;
  if (!existsSync(path)) return [];
  const problems: string[] = [];
  try {
    // Where the settings are the environment may say, but not what is in them.
    const { publicKey, deadlineMs } = readSettings({ XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'] });
    if (deadlineMs > GATE_MS_MAX) {
      problems.push(
        `${path}: deadline_ms is more than ${GATE_MS_MAX}: a harness gives up on its hook before, and some let the call run`,
      );
    }
    if (publicKey === null)
      problems.push(`${path} pins no public key: anybody could answer in the gate’s place`);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(error.message);
  }
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    problems.push(`${path} can be written by others (mode ${mode.toString(8)})`);
  }
  if (path === own && process.platform !== 'win32' && (mode & 0o044) !== 0) {
    problems.push(`${path} has a key in it and can be read by others (mode ${mode.toString(8)})`);
  }
  return problems;
}

function show(diagnoses: readonly Diagnosis[], general: readonly string[]): void {
  const palette = paletteFor(process.stdout, process.env);
  if (diagnoses.length === 0) {
    print('No hook of Countersign is installed here: "countersign install <harness>" installs one.');
  }
  const lines = columns(diagnoses.map(({ harness, scope, file }) => [harness, scope, file]));
  for (const [index, { blocks, problems }] of diagnoses.entries()) {
    const mark =
      problems.length === 0
        ? palette.green('ok    ')
        : blocks
          ? palette.yellow('blocks')
          : palette.red('OPEN  ');
    print(`${mark}  ${lines[index] ?? ''}`);
    for (const problem of problems) print(`          ${visible(problem)}`);
  }
  for (const problem of general) print(`${palette.yellow('note  ')}  ${visible(problem)}`);
}
