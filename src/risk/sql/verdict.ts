/** The verdicts that SQL statements get, whichever grammar read them. */
import { changesElsewhere, destroys, disturbs, escalates, reads, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';

/** What one statement does, and to what. */
export interface SqlVerdict {
  readonly judgement: Judgement;
  readonly target: string;
  /** A command line that the server runs. */
  readonly program?: string;
}

const data = { kind: 'db.write' } as const;
const schema = { kind: 'db.schema_change' } as const;

export const SQL = {
  reads: reads('The statement only reads.', 'db.query'),
  session: reads('It only concerns the session or its transaction.', 'db.query'),
  insertsOne: changesElsewhere('It inserts one row.', { verb: 'create', ...data }),
  insertsMany: changesElsewhere('It inserts several rows.', { verb: 'create', radius: 'set', ...data }),
  updatesOne: disturbs('It updates the row that the condition names.', data),
  updatesSome: disturbs('It updates the rows that meet the condition.', { radius: 'set', ...data }),
  updatesAll: escalates('It updates every row, because no condition narrows it.', 'collection', {
    verb: 'update',
    ...data,
  }),
  deletesOne: disturbs('It deletes the row that the condition names.', { verb: 'delete', ...data }),
  deletesSome: disturbs('It deletes the rows that meet the condition.', {
    verb: 'delete',
    radius: 'set',
    ...data,
  }),
  deletesAll: destroys('It deletes every row, because no condition narrows it.', 'collection', 'db.write'),
  truncates: destroys('It empties whole tables.', 'collection', 'db.write'),
  dropsTable: destroys('It drops whole tables.', 'collection', 'db.schema_change'),
  dropsDatabase: destroys('It drops a whole database or schema.', 'system', 'db.schema_change'),
  dropsOther: disturbs('It drops a part of the schema that holds no rows.', { verb: 'delete', ...schema }),
  dropsColumn: destroys('It drops a column with everything in it.', 'collection', 'db.schema_change'),
  altersSchema: disturbs('It changes the shape of a table.', schema),
  createsSchema: changesElsewhere('It adds something to the schema.', { verb: 'create', ...schema }),
  definesCode: disturbs('It installs code that the database will run.', { verb: 'create', ...schema }),
  grants: escalates('It changes who may do what in the database.', 'object', {
    verb: 'grant',
    kind: 'db.schema_change',
  }),
  loosens: escalates('It switches a protection of the database off.', 'collection', {
    verb: 'grant',
    kind: 'db.schema_change',
  }),
  configures: escalates('It changes the settings of the database server.', 'object', {
    verb: 'update',
    kind: 'db.schema_change',
  }),
  runsProgram: escalates('It runs a program on the database server.'),
  copiesIn: changesElsewhere('It loads rows from a file.', { verb: 'create', radius: 'set', ...data }),
  copiesOut: changesElsewhere('It writes rows to a file on the server.', { verb: 'read', kind: 'db.query' }),
  callsCode: disturbs('It calls a procedure whose work cannot be seen.', {
    verb: 'execute',
    opaque: true,
    ...data,
  }),
  hidden: unseen(
    destroys('', 'system', 'db.schema_change'),
    'A block of code that the database runs cannot be seen, so it counts as the worst.',
  ),
  maintains: changesElsewhere('It does maintenance in the database.', data),
} as const satisfies Readonly<Record<string, Judgement>>;

/** Functions that do more than compute. */
export const FUNCTIONS: readonly { readonly name: RegExp; readonly verdict: Judgement }[] = [
  {
    name: /^(?:pg_terminate_backend|pg_cancel_backend)$/,
    verdict: disturbs('It ends other sessions of the database.', data),
  },
  {
    name: /^(?:pg_read_(?:binary_)?file|pg_ls_dir|pg_stat_file|lo_export|lo_import|pg_read_server_files)$/,
    verdict: escalates('It reaches the files of the database server.', 'object', { verb: 'read' }),
  },
  {
    name: /^(?:lo_unlink|setval|nextval|lo_put|lo_from_bytea)$/,
    verdict: disturbs('It changes stored state.', data),
  },
  {
    name: /^(?:dblink|dblink_exec|dblink_send_query|query_to_xml|cursor_to_xml|xpath_table|sys_exec|sys_eval|load_extension|writefile)$/,
    verdict: SQL.hidden,
  },
  { name: /^(?:drop_chunks|drop_hypertable|truncate_tables?)$/, verdict: SQL.truncates },
  {
    name: /^(?:pg_reload_conf|pg_switch_wal|pg_promote|pg_drop_replication_slot|pg_create_\w+)$/,
    verdict: SQL.configures,
  },
  { name: /(?:^|_)(?:delete|drop|remove|purge|truncate|wipe|reset|destroy)(?:_|$)/, verdict: SQL.callsCode },
];
