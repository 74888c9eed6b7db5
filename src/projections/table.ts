/** Declares a read model's tables once: their columns in SQL and the TypeScript type of their rows. */

import { type ColumnType, type Kysely, sql } from 'kysely';
import { canonicalJson } from '../domain/canonical-json.js';
import { flavourOf } from './dialect.js';

/** `integer` is int64: bigint when read. JSON and ISO texts are `text`. A question mark allows null. */
export type ColumnKind = 'text' | 'text?' | 'integer' | 'integer?';

export interface TableDefinition {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly IndexDefinition[];
  /** How further rows of the same key join the one that is there, by column; see `Changes.fold`. */
  readonly folds?: Readonly<Record<string, FoldRule>>;
}
/**
 * What becomes of a column when a further row is folded in: the sum of both, the greater, the first that was not
 * null, or the last that was not.
 */
export type FoldRule = 'sum' | 'max' | 'first' | 'last';
export interface IndexDefinition {
  readonly columns: readonly string[];
  readonly unique?: boolean;
  /** Only rows in which this column is set are in the index: small, and cheap for rows that are done. */
  readonly onlySet?: string;
}

interface Kinds {
  text: string;
  'text?': string | null;
  integer: ColumnType<bigint, bigint | number, bigint | number>;
  'integer?': ColumnType<bigint | null, bigint | number | null, bigint | number | null>;
}
/** The Kysely table type of a definition. */
export type TableOf<T extends TableDefinition> = { [C in keyof T['columns']]: Kinds[T['columns'][C]] };

interface Written {
  text: string;
  'text?': string | null;
  integer: bigint | number;
  'integer?': bigint | number | null;
}
type Nullable<T extends TableDefinition> = {
  [C in keyof T['columns']]: T['columns'][C] extends `${string}?` ? C : never;
}[keyof T['columns']];
/** A whole row as a projection writes it. Columns that may be null are null when they are left out. */
export type NewRow<T extends TableDefinition> = {
  readonly [C in Exclude<keyof T['columns'], Nullable<T>>]: Written[T['columns'][C]];
} & { readonly [C in Nullable<T>]?: Written[T['columns'][C]] };

/** A row as it is read. */
export type Row<T extends TableDefinition> = {
  readonly [C in keyof T['columns']]: T['columns'][C] extends 'text'
    ? string
    : T['columns'][C] extends 'text?'
      ? string | null
      : T['columns'][C] extends 'integer'
        ? bigint
        : bigint | null;
};

/** Any tables, for code that treats all read models alike. */
export type AnyTables = Record<string, Record<string, string | bigint | number | null>>;

/** The table of one generation of a read model; the plain name is a view of the live generation. */
export const tableName = (name: string, generation: number): string => `${name}_g${generation}`;

/** Creates a table of a generation with its indexes. */
export async function createTable(
  db: Kysely<AnyTables>,
  table: TableDefinition,
  generation: number,
): Promise<void> {
  const name = tableName(table.name, generation);
  let creation = db.schema.createTable(name);
  const text = textType(db);
  for (const [column, kind] of Object.entries(table.columns)) {
    const type = kind.startsWith('integer') ? 'bigint' : text;
    creation = creation.addColumn(column, type, (col) => (kind.endsWith('?') ? col : col.notNull()));
  }
  await creation.addPrimaryKeyConstraint(`${name}_key`, [...table.primaryKey] as never).execute();
  for (const [number, index] of table.indexes.entries()) {
    let creating = db.schema
      .createIndex(`${name}_i${number}`)
      .on(name)
      .columns([...index.columns]);
    if (index.onlySet !== undefined) creating = creating.where(index.onlySet, 'is not', null);
    await (index.unique ? creating.unique() : creating).execute();
  }
}

/** Texts are ordered by their bytes everywhere, so that lists and their cursors do not depend on a locale. */
const textType = (db: Kysely<AnyTables>) =>
  flavourOf(db) === 'postgres' ? sql`text collate "C"` : ('text' as const);

/** JSON for a column; a bigint becomes a string of digits, as in the ledger's own bytes. */
export const toJson = (value: unknown): string => canonicalJson(value);
export const toJsonOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : canonicalJson(value);
