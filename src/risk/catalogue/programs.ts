/** Every program of the catalogue, by the names it is called by. */
import * as builds from './builds.js';
import * as clients from './clients.js';
import * as clouds from './clouds.js';
import * as containers from './containers.js';
import * as databases from './databases.js';
import * as files from './files.js';
import { gh } from './gh.js';
import { git } from './git.js';
import * as infrastructure from './infrastructure.js';
import { npm, npx } from './npm.js';
import * as platforms from './platforms.js';
import type { Program } from './program.js';
import * as shells from './shells.js';

export const CATALOGUE: readonly Program[] = [
  git,
  gh,
  npm,
  npx,
  ...[builds, clients, clouds, containers, databases, files, infrastructure, platforms, shells].flatMap(
    (group) => Object.values(group),
  ),
];

/** Entries by program name; the first entry that claims a name has it. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  [...CATALOGUE].reverse().flatMap((entry) => entry.programs.map((name) => [name, entry] as const)),
);
