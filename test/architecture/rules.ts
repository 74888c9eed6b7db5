/** What may import what: the import table of the architecture, as data. */

/** A folder of `src`, or a file right in it, and what it may import of the rest of `src`. */
export interface Rule {
  /** Folders or files that may be imported whole; a name that ends in `.ts` is a pattern on the path. */
  readonly may: readonly string[];
  /** Folders of which types alone may be imported. */
  readonly mayTypes?: readonly string[];
  /** Packages and built-in modules; absent where any that is not forbidden below may be used. */
  readonly packages?: readonly string[];
}

/** The composition root: the files that bind adapters to ports, in the process and in its threads. */
const ROOT_FILES = [
  'main.ts',
  'app.module.ts',
  'config.ts',
  'ledger.ts',
  'cluster-ledger.ts',
  'read-worker.ts',
  'snapshot-worker.ts',
];

const COMPOSITION: Rule = {
  may: [
    ...ROOT_FILES,
    ...['domain', 'risk', 'replay', 'ports', 'writer', 'commands', 'projections', 'reactors', 'adapters'],
    ...['http', 'cli', 'integrations'],
  ],
};

/**
 * The words of the domain: types, with the constants and plain readings that belong to them. Nothing in these
 * files decides, folds or settles anything.
 */
const VOCABULARY = [
  'amount',
  'subject',
  'ids',
  'events',
  'state',
  'refusals',
  'access',
  'assessment',
  'action-kinds',
  'canonical-json',
  'bound-call',
  'assertions',
  'unseen',
  'price',
  'system/system.events',
  'system/system.refusals',
  'system/channel.events',
].map((name) => `domain/${name}.ts`);

/** Each entry is a row of the table. A folder that has none may not exist. */
export const RULES: Readonly<Record<string, Rule>> = {
  'main.ts': COMPOSITION,
  'app.module.ts': COMPOSITION,
  'config.ts': COMPOSITION,
  'ledger.ts': COMPOSITION,
  'cluster-ledger.ts': COMPOSITION,
  'read-worker.ts': COMPOSITION,
  'snapshot-worker.ts': COMPOSITION,
  domain: { may: ['domain'], packages: ['node:crypto'] },
  risk: {
    may: ['risk', 'domain/action-kinds.ts', 'domain/assessment.ts'],
    packages: ['unbash', 'graphql', 'libpg-query'],
  },
  replay: { may: ['replay', 'domain', 'risk', 'ports'], packages: [] },
  ports: { may: ['ports'], mayTypes: ['domain'], packages: [] },
  writer: { may: ['writer', 'domain', 'ports'], packages: [] },
  commands: { may: ['commands', 'domain', 'risk', 'ports', 'writer'] },
  projections: { may: ['projections', 'domain', 'ports'], packages: ['kysely', 'node:crypto'] },
  reactors: { may: ['reactors', 'domain', 'ports', 'commands'] },
  'adapters/event-codec': { may: ['adapters/event-codec', 'ports', 'domain'] },
  'adapters/assessor': { may: ['adapters/assessor', 'adapters/event-codec', 'ports', 'domain', 'risk'] },
  adapters: { may: ['ports', 'domain', 'adapters/event-codec'] },
  http: {
    may: [
      'http',
      'commands',
      'replay',
      'ports',
      ...VOCABULARY,
      '.queries.ts',
      'writer/watch.ts',
      'projections/rebuild.ts',
      'integrations/harnesses',
    ],
    mayTypes: ['domain'],
  },
  cli: { may: ['cli', ...ROOT_FILES, 'replay', 'risk', 'domain', 'integrations'] },
  // What harnesses send and read, without anything that asks or runs: the server answers one of them itself.
  'integrations/harnesses': { may: ['integrations/harnesses', 'integrations/json.ts'] },
  integrations: { may: ['integrations', 'risk', ...VOCABULARY], mayTypes: ['domain'] },
};

/** In `domain`, hashing is for evidence and the chain alone. */
export const MAY_HASH = ['src/domain/evidence.ts', 'src/domain/hash-chain.ts'];

/** Packages that belong to some places only: a name or its beginning, and where it may be. */
export const CONFINED: readonly {
  readonly name: string;
  readonly except: readonly string[];
  readonly to?: readonly string[];
}[] = [
  { name: '@nestjs/', except: ['src/domain/', 'src/risk/', 'src/ports/', 'src/writer/', 'src/replay/'] },
  { name: '@eventstore/', except: [], to: ['src/adapters/event-store-eventstoredb/'] },
  { name: 'class-validator', except: [], to: ['src/http/', 'src/config.ts'] },
  { name: 'class-transformer', except: [], to: ['src/http/', 'src/config.ts'] },
  { name: 'libsql', except: [], to: ['src/adapters/'] },
];

/** Files that something other than an import starts. Worker threads are found by the URL that names them. */
export const ENTRY_POINTS = [
  'src/main.ts',
  'src/cli/countersign.ts',
  'src/integrations/client/client.ts',
  'src/integrations/client/vercel-ai.ts',
  'src/integrations/client/openai-agents.ts',
  'src/read-worker.ts',
  'src/snapshot-worker.ts',
];

/** The roles that a file's name may carry: `subject.role.ts`. */
export const ROLES = [
  'decider',
  'commands',
  'events',
  'state',
  'refusals',
  'command',
  'handler',
  'port',
  'projection',
  'table',
  'queries',
  'reactor',
  'controller',
  'dto',
  'guard',
  'module',
  'contract',
  'spec',
];

export const LINES_MAX = 400;

/** What may lie at the top of the repository, beside files that begin with a dot. */
export const TOP_LEVEL = [
  'src',
  'test',
  'docker',
  'docs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];
