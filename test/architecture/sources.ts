/** The source files as the architecture tests see them: text, imports, and what is only a type. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Import {
  /** As written: `../domain/amount.js`, `node:crypto`, `fastify`. */
  readonly specifier: string;
  /** The imported file from the root of the repository; null for a package. */
  readonly file: string | null;
  /** Erased when compiled: nothing of the other file runs. */
  readonly isTypeOnly: boolean;
  /** Started by its URL, as a thread or a process of its own, and not loaded into this one. */
  readonly isStarted: boolean;
}

export interface Source {
  /** Path from the root of the repository, such as `src/domain/amount.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Lines on which the type `any` is written. */
  readonly anyLines: readonly number[];
}

/** The root of the repository, wherever the compiled tests lie in it. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'tsconfig.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('the tests do not lie inside the repository');
  return findRoot(above);
}

/** Every TypeScript file below a folder of the repository. The dashboard is built apart, by rules of its own. */
export function sourcesIn(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort()
    .map(readSource);
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const imports: Import[] = [];
  const anyLines: number[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found) imports.push({ ...found, file: resolve(path, found.specifier) });
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      anyLines.push(tree.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, text, imports, anyLines };
}

/** Static, dynamic and re-exporting imports, and the file that a worker thread starts with. */
function importOf(node: ts.Node): Omit<Import, 'file'> | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return {
      specifier: node.moduleSpecifier.text,
      isTypeOnly: isTypeImport(node.importClause),
      isStarted: false,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly, isStarted: false };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0], false);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const isModule = node.arguments?.[1]?.getText() === 'import.meta.url';
    const found = isModule ? literal(node.arguments?.[0], true) : null;
    return found?.specifier.endsWith('.js') ? found : null;
  }
  return null;
}

const literal = (node: ts.Expression | undefined, isStarted: boolean): Omit<Import, 'file'> | null =>
  node && ts.isStringLiteral(node) ? { specifier: node.text, isTypeOnly: false, isStarted } : null;

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  const isEachType = names && ts.isNamedImports(names) && names.elements.every((name) => name.isTypeOnly);
  return clause.name === undefined && isEachType === true;
}

const resolve = (from: string, specifier: string): string | null =>
  specifier.startsWith('.') ? join(dirname(from), specifier).replace(/\.js$/, '.ts') : null;
