/** The import table, kept: what may import what, no cycles, nothing that nobody imports. */

import { CONFINED, ENTRY_POINTS, MAY_HASH, RULES } from './rules.js';
import { type Import, type Source, sourcesIn } from './sources.js';

const SOURCES = sourcesIn('src');
const within = (path: string): string => path.slice('src/'.length);

/** The most specific row of the table for a file. */
function rowOf(path: string): string | undefined {
  const matching = Object.keys(RULES).filter((row) => isIn(path, row));
  return matching.sort((a, b) => b.length - a.length)[0];
}

const isIn = (path: string, place: string): boolean =>
  within(path) === place || within(path).startsWith(`${place}/`);

const covers = (place: string, path: string): boolean =>
  isIn(path, place) || (place.startsWith('.') && path.endsWith(place));

/** An adapter may import itself, whichever it is. */
const isSameAdapter = (a: string, b: string): boolean =>
  /^src\/adapters\/[^/]+\//.exec(a)?.[0] !== undefined &&
  /^src\/adapters\/[^/]+\//.exec(a)?.[0] === /^src\/adapters\/[^/]+\//.exec(b)?.[0];

/** Why an import is against the table, as a sentence that says what to do; null when it is not. */
function objectionTo(source: Source, imported: Import): string | null {
  const row = rowOf(source.path);
  if (row === undefined) return `${source.path} lies in no folder of the table: move it where it belongs`;
  const { may, mayTypes = [], packages } = RULES[row] ?? { may: [] };
  if (imported.file === null) {
    if (packages === undefined || packages.includes(imported.specifier)) return null;
    return `${source.path} imports ${imported.specifier}: ${row} does without it, put it behind a port`;
  }
  if (isSameAdapter(source.path, imported.file)) return null;
  if (may.some((place) => covers(place, imported.file ?? ''))) return null;
  if (mayTypes.some((place) => covers(place, imported.file ?? ''))) {
    if (imported.isTypeOnly) return null;
    return `${source.path} imports values of ${imported.file}: ${row} may have its types only (import type)`;
  }
  return `${source.path} imports ${imported.file}: ${row} may import ${[...may, ...mayTypes].join(', ')} only`;
}

const edges = SOURCES.flatMap((source) => source.imports.map((imported) => ({ source, imported })));

describe('The import table', () => {
  it('allows every import there is', () => {
    const objections = edges.map(({ source, imported }) => objectionTo(source, imported));
    expect([...new Set(objections)].filter((objection) => objection !== null)).toEqual([]);
  });

  it('leaves hashing in the domain to evidence and the hash chain', () => {
    const hashing = edges.filter(
      ({ source, imported }) => source.path.startsWith('src/domain/') && imported.specifier === 'node:crypto',
    );
    expect(hashing.map(({ source }) => source.path).filter((path) => !MAY_HASH.includes(path))).toEqual([]);
  });

  it.each(CONFINED)('keeps $name where it belongs', ({ name, except, to }) => {
    const strays = edges.filter(({ source, imported }) => {
      const isMeant = imported.specifier === name || imported.specifier.startsWith(name);
      const isForbidden = except.some((place) => source.path.startsWith(place));
      return (
        isMeant && (isForbidden || (to !== undefined && !to.some((place) => source.path.startsWith(place))))
      );
    });
    expect(strays.map(({ source, imported }) => `${source.path} imports ${imported.specifier}`)).toEqual([]);
  });

  it('imports only files that are there', () => {
    const paths = new Set(SOURCES.map(({ path }) => path));
    const missing = edges.filter(({ imported }) => imported.file !== null && !paths.has(imported.file));
    expect(missing.map(({ source, imported }) => `${source.path} imports ${imported.file}`)).toEqual([]);
  });

  it('has no cycle', () => {
    expect(cyclesOf(SOURCES)).toEqual([]);
  });

  it('has no file that nobody imports', () => {
    const imported = new Set(edges.map(({ imported: { file } }) => file));
    const orphans = SOURCES.filter(({ path }) => !imported.has(path) && !ENTRY_POINTS.includes(path));
    expect(orphans.map(({ path }) => `${path}: import it, delete it, or name it an entry point`)).toEqual([]);
  });
});

describe('The check itself', () => {
  const from = (path: string): Source => ({ path, text: '', imports: [], anyLines: [] });
  const to = (file: string, isTypeOnly = false): Import => ({
    specifier: file,
    file,
    isTypeOnly,
    isStarted: false,
  });
  const packaged = (specifier: string): Import => ({
    specifier,
    file: null,
    isTypeOnly: false,
    isStarted: false,
  });

  it.each([
    ['src/domain/decider.ts', to('src/ports/clock.port.ts')],
    ['src/domain/decider.ts', packaged('fastify')],
    ['src/risk/score.ts', to('src/domain/decider.ts')],
    ['src/ports/clock.port.ts', to('src/domain/state.ts')],
    ['src/writer/writer.ts', to('src/adapters/system/clock.ts')],
    ['src/commands/reserve.handler.ts', to('src/projections/balances/balances.queries.ts')],
    ['src/adapters/slack/slack.ts', to('src/adapters/webhook/webhook.ts')],
    ['src/adapters/signing/keyring.ts', to('src/risk/assess.ts')],
    ['src/http/runtime/balances.controller.ts', to('src/projections/balances/balances.projection.ts')],
    ['src/http/runtime/balances.controller.ts', to('src/domain/evolve.ts')],
    ['src/integrations/client.ts', to('src/writer/writer.ts')],
    ['src/helpers/text.ts', to('src/domain/amount.ts')],
  ])('objects to an import in %s', (path, imported) => {
    expect(objectionTo(from(path), imported)).not.toBeNull();
  });

  it.each([
    ['src/domain/decider.ts', to('src/domain/state.ts')],
    ['src/ports/clock.port.ts', to('src/domain/state.ts', true)],
    ['src/adapters/slack/slack.ts', to('src/adapters/slack/message.ts')],
    ['src/adapters/event-store-sqlite/store.ts', to('src/adapters/event-codec/codec.ts')],
    ['src/adapters/assessor/assessor.ts', to('src/risk/assess.ts')],
    ['src/http/runtime/balances.controller.ts', to('src/projections/balances/balances.queries.ts')],
    ['src/app.module.ts', to('src/adapters/slack/slack.ts')],
  ])('lets be an import in %s', (path, imported) => {
    expect(objectionTo(from(path), imported)).toBeNull();
  });

  it('finds a cycle, and names its way', () => {
    const a = { ...from('src/a.ts'), imports: [to('src/b.ts')] };
    const b = { ...from('src/b.ts'), imports: [to('src/c.ts')] };
    const c = { ...from('src/c.ts'), imports: [to('src/a.ts')] };
    expect(cyclesOf([a, b, c])).toEqual(['src/a.ts → src/b.ts → src/c.ts → src/a.ts']);
    expect(cyclesOf([a, b])).toEqual([]);
  });
});

/** Every cycle that a walk in depth comes upon, by the files on its way. Imports of types count too. */
function cyclesOf(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) cycles.push([...way.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const { file, isStarted } of byPath.get(path)?.imports ?? []) {
      if (file !== null && !isStarted && byPath.has(file)) walk(file, [...way, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return cycles;
}
