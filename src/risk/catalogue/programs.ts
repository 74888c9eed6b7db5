/** Every program of the catalogue, by the names it is called by. */
import type { Program } from './program.js';
import { accountTools } from './programs/account-tools.js';
import { accounts } from './programs/accounts.js';
import { agents } from './programs/agents.js';
import { archivers, sevenZip } from './programs/archivers.js';
import { aws } from './programs/aws.js';
import { buckets } from './programs/buckets.js';
import { builders } from './programs/builders.js';
import { builtins } from './programs/builtins.js';
import { capabilities } from './programs/capabilities.js';
import { cargo } from './programs/cargo.js';
import { checkers } from './programs/checkers.js';
import { ciphers } from './programs/ciphers.js';
import { cockroach } from './programs/cockroach.js';
import { commandBuiltin } from './programs/command-builtin.js';
import { copiers } from './programs/copiers.js';
import { copiesOut } from './programs/copies-out.js';
import { countersign } from './programs/countersign.js';
import { curl } from './programs/curl.js';
import { disks } from './programs/disks.js';
import { docker } from './programs/docker.js';
import { dockerCompose } from './programs/docker-compose.js';
import { dropTools } from './programs/drop-tools.js';
import { dumpTools } from './programs/dump-tools.js';
import { editors } from './programs/editors.js';
import { environment } from './programs/environment.js';
import { feeder } from './programs/feeder.js';
import { finder } from './programs/finder.js';
import { fly } from './programs/fly.js';
import { formatters } from './programs/formatters.js';
import { gcloud } from './programs/gcloud.js';
import { gh } from './programs/gh.js';
import { git } from './programs/git.js';
import { glab } from './programs/glab.js';
import { helm } from './programs/helm.js';
import { heroku } from './programs/heroku.js';
import { httpie } from './programs/httpie.js';
import { inspectors } from './programs/inspectors.js';
import { installers } from './programs/installers.js';
import { interpreters } from './programs/interpreters.js';
import { kafka } from './programs/kafka.js';
import { arrays, kernelModules } from './programs/kernel.js';
import { kubectl } from './programs/kubectl.js';
import { languages } from './programs/languages.js';
import { limits, roots } from './programs/limits.js';
import { localClusters } from './programs/local-clusters.js';
import { clocks, fileSystems, localClouds, mounts } from './programs/machine.js';
import { mailers } from './programs/mailers.js';
import { makers } from './programs/makers.js';
import { manuals } from './programs/manuals.js';
import { migrations } from './programs/migrations.js';
import { mongosh } from './programs/mongosh.js';
import { movers } from './programs/movers.js';
import { mysql } from './programs/mysql.js';
import { mysqladmin } from './programs/mysqladmin.js';
import { namespaces } from './programs/namespaces.js';
import { netcat } from './programs/netcat.js';
import { npm } from './programs/npm.js';
import { npx } from './programs/npx.js';
import { permitters } from './programs/permitters.js';
import { portUsers } from './programs/port-users.js';
import { power } from './programs/power.js';
import { commandPrompt, powershell, powershellProgram, windowsDisks } from './programs/powershell.js';
import { processes } from './programs/processes.js';
import { psql } from './programs/psql.js';
import { pulumi } from './programs/pulumi.js';
import { railway } from './programs/railway.js';
import { redis } from './programs/redis.js';
import { remoteShell } from './programs/remote-shell.js';
import { removers } from './programs/removers.js';
import { restoreTools } from './programs/restore-tools.js';
import { schedule } from './programs/schedule.js';
import { searchers } from './programs/searchers.js';
import { simulators } from './programs/simulators.js';
import { sourceRunners } from './programs/source-runners.js';
import { sqlite } from './programs/sqlite.js';
import { stripe } from './programs/stripe.js';
import { supabase } from './programs/supabase.js';
import { system } from './programs/system.js';
import { systemPackages } from './programs/system-packages.js';
import { terraform } from './programs/terraform.js';
import { textEditors } from './programs/text-editors.js';
import { textRunners } from './programs/text-runners.js';
import { treeRemovers } from './programs/tree-removers.js';
import { truncaters } from './programs/truncaters.js';
import { vault } from './programs/vault.js';
import { vercel } from './programs/vercel.js';
import { viewers } from './programs/viewers.js';
import { wget } from './programs/wget.js';
import {
  bufferWrappers,
  privilegeWrappers,
  timeWrappers,
  traceWrappers,
  wrappers,
} from './programs/wrappers.js';
import { writers } from './programs/writers.js';
import { zip } from './programs/zip.js';

export const CATALOGUE: readonly Program[] = [
  agents,
  accountTools,
  accounts,
  archivers,
  aws,
  buckets,
  builtins,
  cargo,
  checkers,
  builders,
  commandBuiltin,
  copiers,
  copiesOut,
  countersign,
  curl,
  disks,
  docker,
  dockerCompose,
  dropTools,
  dumpTools,
  editors,
  environment,
  feeder,
  finder,
  fly,
  formatters,
  gcloud,
  gh,
  git,
  helm,
  heroku,
  httpie,
  inspectors,
  glab,
  vault,
  kernelModules,
  arrays,
  installers,
  interpreters,
  kubectl,
  languages,
  limits,
  roots,
  makers,
  manuals,
  migrations,
  mongosh,
  movers,
  mysql,
  mysqladmin,
  namespaces,
  netcat,
  npm,
  npx,
  permitters,
  kafka,
  mounts,
  fileSystems,
  clocks,
  localClouds,
  sevenZip,
  power,
  processes,
  psql,
  pulumi,
  railway,
  redis,
  remoteShell,
  removers,
  restoreTools,
  schedule,
  searchers,
  simulators,
  sourceRunners,
  sqlite,
  supabase,
  system,
  systemPackages,
  terraform,
  textRunners,
  vercel,
  viewers,
  textEditors,
  mailers,
  stripe,
  ciphers,
  cockroach,
  portUsers,
  treeRemovers,
  powershell,
  powershellProgram,
  commandPrompt,
  windowsDisks,
  capabilities,
  truncaters,
  localClusters,
  zip,
  wget,
  privilegeWrappers,
  traceWrappers,
  bufferWrappers,
  timeWrappers,
  wrappers,
  writers,
];

/** Entries by program name; a name belongs to one entry only. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  CATALOGUE.flatMap((entry) => entry.programs.map((name) => [name, entry] as const)),
);

/** Packages that are named otherwise than the program they bring. */
const PACKAGES: Readonly<Record<string, string>> = {
  awscli: 'aws',
  '@railway/cli': 'railway',
  '@biomejs/biome': 'biome',
  'firebase-tools': 'firebase',
  'netlify-cli': 'netlify',
  'heroku-cli': 'heroku',
};

/** The program's name without its folder and, as in `@railway/cli@latest` or `awscli==1.2`, its version. */
export function programNameOf(text: string): string {
  const bare = text.replace(/(?<=.)(?:@|==|>=|~=)[\w.^~*-]+$/, '');
  const plain = PROGRAMS.has(text) ? text : bare;
  const known = PACKAGES[plain] ?? plain;
  return PROGRAMS.has(known) ? known : known.slice(known.lastIndexOf('/') + 1);
}

/** The catalogue entry for a program as a command names it. */
export function programNamed(text: string): Program | undefined {
  return PROGRAMS.get(programNameOf(text));
}
