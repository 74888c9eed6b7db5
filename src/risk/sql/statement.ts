/** Judges PostgreSQL parse trees. Every writing node counts, wherever in a statement it stands. */
import type { Judgement } from '../finding.js';
import { narrows, pointsAtOneRow } from './condition.js';
import { judgeDialect, splitStatements } from './dialect.js';
import { isTree, listOf, nameOf, stringsIn, type Tree, textOf } from './tree.js';
import { FUNCTIONS, SQL, type SqlVerdict } from './verdict.js';

type Judge = (node: Tree) => SqlVerdict | readonly SqlVerdict[] | null;
const NODES_MAX = 50_000;

const SESSION_NODES = new Set([
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'ListenStmt',
  'UnlistenStmt',
  'LockStmt',
  'CheckPointStmt',
  'ConstraintsSetStmt',
  'ExecuteStmt',
]);
const MAINTENANCE_NODES = new Set([
  'VacuumStmt',
  'ReindexStmt',
  'ClusterStmt',
  'RefreshMatViewStmt',
  'NotifyStmt',
  'CommentStmt',
  'CreateStatsStmt',
  'LoadStmt',
]);

const JUDGES: Readonly<Record<string, Judge>> = {
  InsertStmt: judgeInsert,
  UpdateStmt: (node) => judgeChange(node, SQL.updatesOne, SQL.updatesSome, SQL.updatesAll),
  DeleteStmt: (node) => judgeChange(node, SQL.deletesOne, SQL.deletesSome, SQL.deletesAll),
  MergeStmt: judgeMerge,
  TruncateStmt: (node) =>
    listOf(node.relations).map((table) => verdict(SQL.truncates, `table ${nameOf(table)}`)),
  DropStmt: judgeDrop,
  DropdbStmt: (node) => verdict(SQL.dropsDatabase, `database ${textOf(node.dbname)}`),
  DropOwnedStmt: () => verdict(SQL.dropsDatabase, 'everything a role owns'),
  DropTableSpaceStmt: (node) => verdict(SQL.dropsDatabase, `tablespace ${textOf(node.tablespacename)}`),
  DropRoleStmt: () => verdict(SQL.grants, 'roles'),
  DropSubscriptionStmt: () => verdict(SQL.dropsOther, 'a subscription'),
  DropUserMappingStmt: () => verdict(SQL.grants, 'a user mapping'),
  GrantStmt: (node) =>
    verdict(SQL.grants, `rights on ${stringsIn(node.objects).slice(0, 6).join('.') || 'objects'}`),
  GrantRoleStmt: () => verdict(SQL.grants, 'membership in roles'),
  CreateRoleStmt: (node) => verdict(SQL.grants, `role ${textOf(node.role)}`),
  AlterRoleStmt: () => verdict(SQL.grants, 'a role'),
  AlterRoleSetStmt: () => verdict(SQL.grants, 'a role'),
  AlterDefaultPrivilegesStmt: () => verdict(SQL.grants, 'default rights'),
  AlterOwnerStmt: () => verdict(SQL.grants, 'an owner'),
  ReassignOwnedStmt: () => verdict(SQL.grants, 'everything a role owns'),
  CreatePolicyStmt: () => verdict(SQL.grants, 'a row policy'),
  AlterPolicyStmt: () => verdict(SQL.grants, 'a row policy'),
  AlterTableStmt: judgeAlterTable,
  RenameStmt: (node) => verdict(SQL.altersSchema, `the name of ${nameOf(node.relation) || 'an object'}`),
  AlterObjectSchemaStmt: () => verdict(SQL.altersSchema, 'the schema of an object'),
  AlterSystemStmt: () => verdict(SQL.configures, 'the server settings'),
  AlterDatabaseStmt: (node) => verdict(SQL.configures, `database ${textOf(node.dbname)}`),
  AlterDatabaseSetStmt: (node) => verdict(SQL.configures, `database ${textOf(node.dbname)}`),
  CreateExtensionStmt: () => verdict(SQL.definesCode, 'an extension'),
  CreateFunctionStmt: () => verdict(SQL.definesCode, 'a function'),
  CreateTrigStmt: () => verdict(SQL.definesCode, 'a trigger'),
  CreateEventTrigStmt: () => verdict(SQL.definesCode, 'an event trigger'),
  RuleStmt: () => verdict(SQL.definesCode, 'a rule'),
  CallStmt: () => verdict(SQL.callsCode, 'a procedure'),
  DoStmt: judgeBlock,
  CopyStmt: judgeCopy,
};

/** The verdicts on one statement; at least one. */
export function judgeStatement(tree: unknown): readonly SqlVerdict[] {
  const found: SqlVerdict[] = [];
  const pending: unknown[] = [tree];
  for (let visited = 0; pending.length > 0; visited += 1) {
    if (visited > NODES_MAX) return [verdict(SQL.hidden, 'a very large statement')];
    const node = pending.pop();
    if (Array.isArray(node)) pending.push(...(node as unknown[]).slice().reverse());
    else if (isTree(node)) visit(node, found, pending);
  }
  return found.length > 0 ? found : [verdict(SQL.reads, tablesOf(tree))];
}

function visit(node: Tree, found: SqlVerdict[], pending: unknown[]): void {
  for (const [type, value] of Object.entries(node)) {
    if (!isTree(value)) {
      if (Array.isArray(value)) pending.push(value);
      continue;
    }
    if (type === 'ExplainStmt' && !stringsIn(value.options).some((text) => /^analy[sz]e$/i.test(text)))
      continue;
    const result = judgeNode(type, value);
    if (result !== null) found.push(...(Array.isArray(result) ? result : [result as SqlVerdict]));
    pending.push(value);
  }
}

function judgeNode(type: string, node: Tree): ReturnType<Judge> {
  const judge = JUDGES[type];
  if (judge !== undefined) return judge(node);
  if (type === 'VariableSetStmt' && isResetOfLog(node)) return verdict(SQL.truncates, 'the log of changes');
  if (SESSION_NODES.has(type)) return verdict(SQL.session, 'the session');
  if (MAINTENANCE_NODES.has(type)) return verdict(SQL.maintains, 'the database');
  if (type === 'FuncCall') return judgeFunction(node);
  if (type === 'IntoClause' || type === 'intoClause') return verdict(SQL.createsSchema, 'a new table');
  if (/^(?:Create|Define|Composite|ViewStmt|IndexStmt)/.test(type))
    return verdict(SQL.createsSchema, nameOf(node.relation) || 'the schema');
  if (/^Alter/.test(type) && !/Cmd$/.test(type)) return verdict(SQL.altersSchema, 'the schema');
  return null;
}

/** MySQL’s `RESET MASTER`, which PostgreSQL reads as the reset of a setting of that name. */
const isResetOfLog = ({ kind, name }: Tree): boolean =>
  kind === 'VAR_RESET' && /^(?:master|slave|replica)$/i.test(String(name));

function judgeInsert(node: Tree): SqlVerdict {
  const select =
    isTree(node.selectStmt) && isTree(node.selectStmt.SelectStmt) ? node.selectStmt.SelectStmt : null;
  const rows = listOf(select?.valuesLists).length;
  const one = rows === 1 || select === null;
  return verdict(one ? SQL.insertsOne : SQL.insertsMany, `table ${nameOf(node.relation)}`);
}

function judgeChange(node: Tree, one: Judgement, some: Judgement, all: Judgement): SqlVerdict {
  const table = nameOf(node.relation);
  const target = `table ${table}`;
  if (!narrows(node.whereClause, table)) return verdict(all, target);
  return verdict(pointsAtOneRow(node.whereClause) ? one : some, target);
}

/** A join that is always true meets every row. */
function judgeMerge(node: Tree): SqlVerdict {
  const deletes = stringsIn(node.mergeWhenClauses).includes('CMD_DELETE');
  const some = deletes ? SQL.deletesSome : SQL.updatesSome;
  const all = deletes ? SQL.deletesAll : SQL.updatesAll;
  return verdict(narrows(node.joinCondition) ? some : all, `table ${nameOf(node.relation)}`);
}

const DROPS: Readonly<Record<string, Judgement>> = {
  OBJECT_TABLE: SQL.dropsTable,
  OBJECT_FOREIGN_TABLE: SQL.dropsTable,
  OBJECT_MATVIEW: SQL.dropsOther,
  OBJECT_SCHEMA: SQL.dropsDatabase,
  OBJECT_DATABASE: SQL.dropsDatabase,
  OBJECT_EXTENSION: SQL.dropsTable,
  OBJECT_TYPE: SQL.dropsColumn,
  OBJECT_POLICY: SQL.loosens,
  OBJECT_FOREIGN_SERVER: SQL.dropsTable,
};

function judgeDrop(node: Tree): readonly SqlVerdict[] {
  const type = textOf(node.removeType);
  const judgement = DROPS[type] ?? SQL.dropsOther;
  const word = type.replace('OBJECT_', '').toLowerCase().replace('_', ' ');
  return listOf(node.objects).map((object) => verdict(judgement, `${word} ${stringsIn(object).join('.')}`));
}

function judgeAlterTable(node: Tree): SqlVerdict {
  const commands = stringsIn(node.cmds).filter((text) => text.startsWith('AT_'));
  const target = `table ${nameOf(node.relation)}`;
  if (commands.some((command) => command === 'AT_DropColumn')) return verdict(SQL.dropsColumn, target);
  if (commands.some((command) => /^AT_(?:DisableRowSecurity|NoForceRowSecurity|DisableTrig)/.test(command)))
    return verdict(SQL.loosens, target);
  if (commands.some((command) => command === 'AT_ChangeOwner')) return verdict(SQL.grants, target);
  return verdict(SQL.altersSchema, target);
}

function judgeCopy(node: Tree): SqlVerdict {
  const target = nameOf(node.relation) || 'a query';
  const program = textOf(node.filename);
  if (node.is_program === true) return { ...verdict(SQL.runsProgram, `program ${program}`), program };
  if (node.is_from === true) return verdict(SQL.copiesIn, `table ${target}`);
  return verdict(node.filename === undefined ? SQL.reads : SQL.copiesOut, `table ${target}`);
}

/** A block may do anything; only what is certain to be worse than hidden is not named apart. */
function judgeBlock(node: Tree): SqlVerdict {
  const body = stringsIn(node.args).join(' ');
  const first = splitStatements(body.replace(/\b(?:begin|then|loop|else)\b/gi, ';'))
    .map(judgeDialect)
    .find((found) => found !== null && found.judgement.tier === 4);
  return verdict(
    SQL.hidden,
    first === undefined || first === null ? 'a block of code' : `a block of code: ${first.target}`,
  );
}

function judgeFunction(node: Tree): SqlVerdict | null {
  const name = (stringsIn(node.funcname).at(-1) ?? '').toLowerCase();
  const rule = FUNCTIONS.find((entry) => entry.name.test(name));
  return rule === undefined ? null : verdict(rule.verdict, `function ${name}`);
}

function verdict(judgement: Judgement, target: string): SqlVerdict {
  return { judgement, target };
}

function tablesOf(tree: unknown): string {
  const text = JSON.stringify(tree)?.slice(0, 20_000) ?? '';
  const names = [...text.matchAll(/"relname":"([^"]{1,80})"/g)].map((match) => match[1] ?? '');
  return names.length === 0 ? 'no table' : `table ${[...new Set(names)].slice(0, 5).join(', ')}`;
}
