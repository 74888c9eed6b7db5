/** What a batch of changes writes, on a real database. */

import { Changes } from '../../src/projections/changes.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import { Statements } from '../../src/projections/statements.js';
import { type AnyTables, createTable, type TableDefinition } from '../../src/projections/table.js';
import { onEveryDatabase, openDatabase } from './databases.js';

const linesTable = {
  name: 'lines',
  columns: { number: 'integer', text: 'text', note: 'text?', same: 'integer?' },
  primaryKey: ['number'],
  indexes: [],
} as const satisfies TableDefinition;

const marksTable = {
  name: 'marks',
  columns: { book: 'text', page: 'text', colour: 'text' },
  primaryKey: ['book', 'page'],
  indexes: [],
} as const satisfies TableDefinition;

const tallyTable = {
  name: 'tallies',
  columns: {
    name: 'text',
    made: 'integer',
    count: 'integer',
    peak: 'integer?',
    earliest: 'text?',
    latest: 'text?',
  },
  primaryKey: ['name'],
  indexes: [],
  folds: { count: 'sum', peak: 'max', earliest: 'first', latest: 'last' },
} as const satisfies TableDefinition;

async function database() {
  const db = exclusiveDatabase<AnyTables>(await openDatabase());
  for (const table of [linesTable, marksTable, tallyTable]) await createTable(db, table, 1);
  const statements = new Statements(1);
  return {
    write: (changes: Changes) => changes.write(db, statements),
    rows: (table: TableDefinition) =>
      db
        .selectFrom(`${table.name}_g1`)
        .selectAll()
        .orderBy(table.primaryKey[0] as string)
        .execute(),
  };
}

/** Lines that differ in their text, share `same`, and have a note now and then. */
const line = (number: number) => ({
  number,
  text: `line ${number}`,
  note: number % 3 === 0 ? null : 'a note',
  same: 7,
});
const stored = (number: number) => {
  const { text, note, same } = line(number);
  return { number: BigInt(number), text, note, same: BigInt(same) };
};

onEveryDatabase(() => {
  describe('changes', () => {
    it.each([1, 15, 16, 17, 63, 64, 65, 200])('inserts %i rows, each with its own values', async (count) => {
      const { write, rows } = await database();
      const changes = new Changes();
      for (let number = 1; number <= count; number++) changes.insert(linesTable, line(number));
      await write(changes);
      expect(await rows(linesTable)).toEqual(Array.from({ length: count }, (_, i) => stored(i + 1)));
    });

    it('tells rows apart of which only the last one differs', async () => {
      const { write, rows } = await database();
      const changes = new Changes();
      for (let number = 1; number <= 40; number++) {
        changes.insert(linesTable, { ...line(number), note: number === 40 ? 'the last' : 'one of many' });
      }
      await write(changes);
      const notes = (await rows(linesTable)).map(({ note }) => note);
      expect(notes).toEqual([...Array.from({ length: 39 }, () => 'one of many'), 'the last']);
    });

    it('sets columns of rows of the same batch and of earlier ones', async () => {
      const { write, rows } = await database();
      const first = new Changes();
      first.insert(linesTable, line(1));
      await write(first);
      const second = new Changes();
      second.insert(linesTable, line(2));
      second.update(linesTable, { number: 1 }, { text: 'changed' });
      second.update(linesTable, { number: 1 }, { note: 'changed twice' });
      second.update(linesTable, { number: 2 }, { text: 'changed at once' });
      await write(second);
      expect(await rows(linesTable)).toEqual([
        { ...stored(1), text: 'changed', note: 'changed twice' },
        { ...stored(2), text: 'changed at once' },
      ]);
    });

    it('knows a row by all columns of its key', async () => {
      const { write, rows } = await database();
      const changes = new Changes();
      changes.insert(marksTable, { book: 'a', page: '1', colour: 'red' });
      changes.insert(marksTable, { book: 'a', page: '2', colour: 'red' });
      changes.update(marksTable, { book: 'a', page: '2' }, { colour: 'blue' });
      await write(changes);
      expect((await rows(marksTable)).map(({ colour }) => colour)).toEqual(['red', 'blue']);
    });

    it('sweeps over what came before, and over nothing that came after', async () => {
      const { write, rows } = await database();
      const changes = new Changes();
      changes.insert(linesTable, line(1));
      changes.updateWhere(linesTable, { same: 7 }, { note: 'swept' });
      changes.insert(linesTable, line(2));
      await write(changes);
      expect((await rows(linesTable)).map(({ note }) => note)).toEqual(['swept', 'a note']);
    });

    it('contradicts a second row with a key, and a change of a row that is not there', async () => {
      const { write } = await database();
      const changes = new Changes();
      changes.insert(linesTable, line(1));
      expect(() => changes.insert(linesTable, line(1))).toThrow('a second row 1 in lines');
      changes.update(linesTable, { number: 9 }, { text: 'nowhere' });
      await expect(write(changes)).rejects.toMatchObject({ kind: 'contradiction' });
    });

    it('fold rows into one another, in one batch as over several', async () => {
      const rows = [
        { name: 'a', made: 1, count: 2, peak: null, earliest: null, latest: 'x' },
        { name: 'b', made: 2, count: 1, peak: 9, earliest: 'e', latest: null },
        { name: 'a', made: 3, count: 5, peak: 4, earliest: 'f', latest: null },
        { name: 'a', made: 4, count: 1, peak: 3, earliest: 'g', latest: 'y' },
      ];
      const expected = [
        { name: 'a', made: 1n, count: 8n, peak: 4n, earliest: 'f', latest: 'y' },
        { name: 'b', made: 2n, count: 1n, peak: 9n, earliest: 'e', latest: null },
      ];
      for (const size of [1, 2, 4]) {
        const { write, rows: stored } = await database();
        for (let from = 0; from < rows.length; from += size) {
          const changes = new Changes();
          for (const row of rows.slice(from, from + size)) changes.fold(tallyTable, row);
          await write(changes);
        }
        expect(await stored(tallyTable)).toEqual(expected);
      }
    });
  });
});
