/** Asks whether a WHERE clause narrows anything: `WHERE true` and `WHERE id = id` do not. */
import { isTree, listOf, nameOf, stringsIn, type Tree } from './tree.js';

const DEPTH_MAX = 60;

/** False when there is no condition or it is true of every row. */
export function narrows(condition: unknown, table = ''): boolean {
  return isTree(condition) && !alwaysTrue(condition, 0, table);
}

/** True for `key = constant`, alone or with further conditions beside it. */
export function pointsAtOneRow(condition: unknown, depth = 0): boolean {
  if (!isTree(condition) || depth > DEPTH_MAX) return false;
  if (isTree(condition.BoolExpr)) {
    return (
      condition.BoolExpr.boolop === 'AND_EXPR' &&
      listOf(condition.BoolExpr.args).some((part) => pointsAtOneRow(part, depth + 1))
    );
  }
  if (!isTree(condition.A_Expr)) return false;
  const { lexpr, rexpr } = condition.A_Expr;
  if (condition.A_Expr.kind !== 'AEXPR_OP' || operatorOf(condition.A_Expr) !== '=') return false;
  return (isKey(lexpr) && isConstant(rexpr)) || (isKey(rexpr) && isConstant(lexpr));
}

function alwaysTrue(node: unknown, depth: number, table: string): boolean {
  if (!isTree(node) || depth > DEPTH_MAX) return false;
  if (isTree(node.BoolExpr)) {
    const parts = listOf(node.BoolExpr.args);
    if (node.BoolExpr.boolop === 'OR_EXPR') return parts.some((part) => alwaysTrue(part, depth + 1, table));
    if (node.BoolExpr.boolop === 'AND_EXPR') return parts.every((part) => alwaysTrue(part, depth + 1, table));
    return parts.every((part) => alwaysFalse(part));
  }
  if (isTree(node.A_Const))
    return isTree(node.A_Const.boolval) ? node.A_Const.boolval.boolval === true : isTree(node.A_Const.ival);
  if (isTree(node.NullTest)) return node.NullTest.nulltesttype === 'IS_NOT_NULL';
  if (isTree(node.TypeCast))
    return (
      alwaysTrue(node.TypeCast.arg, depth + 1, table) ||
      stringsIn(node.TypeCast.arg).some((text) => /^t(?:rue)?$/i.test(text))
    );
  if (isTree(node.CoalesceExpr)) return alwaysTrue(listOf(node.CoalesceExpr.args)[0], depth + 1, table);
  if (isTree(node.SubLink)) return asksNothing(node.SubLink, table);
  return isTree(node.A_Expr) && isTautology(node.A_Expr);
}

/** `EXISTS (SELECT 1 …)` without a condition asks nothing of the row, nor does `id IN` all ids of the same table. */
function asksNothing({ subLinkType, subselect }: Tree, table: string): boolean {
  if (!isTree(subselect) || !isTree(subselect.SelectStmt)) return false;
  const { whereClause, fromClause } = subselect.SelectStmt;
  if (narrows(whereClause)) return false;
  if (subLinkType === 'EXISTS_SUBLINK') return true;
  const [source, ...others] = listOf(fromClause);
  if (subLinkType !== 'ANY_SUBLINK' || others.length > 0 || !isTree(source)) return false;
  return table !== '' && nameOf(source.RangeVar) === table;
}

/** What numbers that count rows are all above, and all below. */
const LEAST = 1;
const MOST = 1_000_000;

/** `id > 0`, `id < 999999999`, `id <> -1`, `length(name) >= 0`, `created_at < now()`. */
function fitsEveryKey(expression: Tree, operator: string): boolean {
  const { lexpr, rexpr } = expression;
  const isCount =
    isTree(lexpr) && isTree(lexpr.FuncCall) && /length|count|abs/.test(stringsIn(lexpr)[0] ?? '');
  const isCreation = /^(?:created|inserted|added|registered)(?:_|$|[A-Z])/.test(
    stringsIn(lexpr).at(-1) ?? '',
  );
  if (isColumn(lexpr) && isCreation && /^<=?$/.test(operator)) return isNow(rexpr);
  if (!isKey(lexpr) && !isCount) return false;
  const value = numberOf(rexpr);
  if (operator === '>' || operator === '>=') return value !== null && value <= (operator === '>' ? 0 : LEAST);
  if (operator === '<' || operator === '<=') return value !== null && value >= MOST;
  return operator === '<>' && ((value !== null && value <= 0) || stringsIn(rexpr).join('') === '');
}

function isNow(node: unknown): boolean {
  if (!isTree(node)) return false;
  return isTree(node.SQLValueFunction) || (isTree(node.FuncCall) && stringsIn(node)[0] === 'now');
}

/** A whole number as it is written, with its sign. */
function numberOf(node: unknown): number | null {
  if (!isTree(node)) return null;
  if (isTree(node.A_Expr)) {
    const value =
      operatorOf(node.A_Expr) === '-' && node.A_Expr.lexpr === undefined ? numberOf(node.A_Expr.rexpr) : null;
    return value === null ? null : -value;
  }
  const constant = isTree(node.A_Const) ? node.A_Const.ival : undefined;
  if (!isTree(constant)) return null;
  return typeof constant.ival === 'number' ? constant.ival : 0;
}

function alwaysFalse(node: unknown): boolean {
  if (!isTree(node)) return false;
  if (isTree(node.A_Const)) return isTree(node.A_Const.boolval) && node.A_Const.boolval.boolval !== true;
  if (isTree(node.NullTest)) return node.NullTest.nulltesttype === 'IS_NULL';
  if (!isTree(node.A_Expr)) return false;
  return (
    isConstant(node.A_Expr.lexpr) &&
    isConstant(node.A_Expr.rexpr) &&
    operatorOf(node.A_Expr) === '=' &&
    !sides(node.A_Expr)
  );
}

/** `1 = 1`, `id = id`, `name LIKE '%'`, `1 < 2`; between two constants nothing depends on the row. */
function isTautology(expression: Tree): boolean {
  const operator = operatorOf(expression);
  if (operator === '~~' || operator === '~~*')
    return stringsIn(expression.rexpr).some((text) => /^%+$/.test(text));
  if (isConstant(expression.lexpr) && isConstant(expression.rexpr))
    return operator !== '=' || sides(expression);
  if (expression.kind === 'AEXPR_OP' && fitsEveryKey(expression, operator)) return true;
  return (
    /^(?:=|<=|>=)$/.test(operator) &&
    isColumn(expression.lexpr) &&
    isColumn(expression.rexpr) &&
    sides(expression)
  );
}

function sides(expression: Tree): boolean {
  return withoutPlaces(expression.lexpr) === withoutPlaces(expression.rexpr);
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, held: unknown) => (key === 'location' ? undefined : held)) ?? '';
}

function operatorOf(expression: Tree): string {
  return stringsIn(expression.name)[0] ?? '';
}

function isConstant(value: unknown): boolean {
  if (!isTree(value)) return false;
  return (
    isTree(value.A_Const) ||
    isTree(value.ParamRef) ||
    (isTree(value.TypeCast) && isConstant(value.TypeCast.arg))
  );
}

function isColumn(value: unknown): boolean {
  return isTree(value) && isTree(value.ColumnRef);
}

function isKey(value: unknown): boolean {
  return (
    isColumn(value) &&
    /^(?:id|uuid|key|slug|email|\w+_(?:id|uuid|key)|\w+Id)$/.test(stringsIn(value).at(-1) ?? '')
  );
}
