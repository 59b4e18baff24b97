/**
 * Promises whose rejection nobody would hear: Node ends a process for one. Found by their types, in four forms.
 *
 * dropped    a promise as a statement, also behind `void`, that nothing catches
 * held       one that is kept in a variable while something else is awaited: it may fail in between
 * handed     an async function where its caller expects nothing back, and so hears nothing
 * stored     one that is kept in a field, where nobody listens yet
 */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { cannotFail, catchesAll, holdsPromise, isHeard, unwrapped } from './heard-promises.mjs';

/** @typedef {import('typescript').Node} Node */
/** @typedef {import('typescript').Expression} Expression */

/** @type {{ source: string[] }} */
const FOLDERS = JSON.parse(readFileSync(new URL('./folders.json', import.meta.url), 'utf8'));
const OUTSIDE = /\.test\.ts$|\.d\.m?ts$|\/testing\/|\/generated\/|^platform\/(build|proto|openapi)\.mjs$/;
/** Calls that listen to every promise among their arguments. */
const GATHERING = /^Promise\.(all|allSettled|any|race)$/;

const STORING = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
]);

/**
 * One line a promise without a listener: file, line, form.
 * @param {readonly string[] | null} files default: the product's own
 * @param {string} root
 * @returns {string[]}
 */
export function findUnheard(root, files = null) {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const chosen = files ?? fileNames.filter((file) => isProduct(relative(root, file)));
  const program = ts.createProgram(chosen, options);
  const checker = program.getTypeChecker();
  return chosen.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} cannot be read.`);
    return unheardOf(source, checker).map(({ node, form }) => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      return `${relative(root, file)}:${line + 1}  a promise without a listener (${form})`;
    });
  });
}

/** @param {string} path */
const isProduct = (path) => FOLDERS.source.includes(path.split('/')[0] ?? '') && !OUTSIDE.test(path);

/**
 * @param {import('typescript').SourceFile} source
 * @param {import('typescript').TypeChecker} checker
 */
function unheardOf(source, checker) {
  /** @type {{ node: Node, form: string }[]} */
  const found = [];
  const visit = (/** @type {Node} */ node) => {
    const form = formOf(node, checker);
    if (form !== null) found.push({ node, form });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * @param {Node} node
 * @param {import('typescript').TypeChecker} checker
 */
function formOf(node, checker) {
  if (ts.isExpressionStatement(node) && isDropped(node.expression, checker)) return 'dropped';
  if (ts.isVariableDeclaration(node) && isHeld(node, checker)) return 'held';
  if (isAsyncFunction(node) && isHanded(node, checker)) return 'handed';
  if (isStored(node, checker)) return 'stored';
  return null;
}

/**
 * An assignment keeps its promise; what catches it, and what is awaited, is heard.
 * @param {Expression} expression
 * @param {import('typescript').TypeChecker} checker
 * @returns {boolean}
 */
function isDropped(expression, checker) {
  const inner = unwrapped(expression);
  if (ts.isBinaryExpression(inner)) {
    const kind = inner.operatorToken.kind;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) return false;
    return isDropped(inner.right, checker);
  }
  if (ts.isConditionalExpression(inner))
    return isDropped(inner.whenTrue, checker) || isDropped(inner.whenFalse, checker);
  return (
    holdsPromise(checker.getTypeAtLocation(inner), checker) && !isHeard(inner) && !cannotFail(inner, checker)
  );
}

/**
 * Declared here, and before anything listens to it something else is waited for.
 * @param {import('typescript').VariableDeclaration} declaration
 * @param {import('typescript').TypeChecker} checker
 */
function isHeld(declaration, checker) {
  const { initializer, name } = declaration;
  if (!initializer || !ts.isIdentifier(name) || ts.isAwaitExpression(initializer)) return false;
  if (!holdsPromise(checker.getTypeAtLocation(name), checker)) return false;
  if (isHeard(initializer) || cannotFail(initializer, checker) || ts.isIdentifier(initializer)) return false;
  const body = enclosingBody(declaration);
  const symbol = checker.getSymbolAtLocation(name);
  /** @type {number | null} */
  let waits = null;
  /** @type {number | null} */
  let listens = null;
  const visit = (/** @type {Node} */ node) => {
    if (node.getStart() > declaration.getEnd()) {
      if (ts.isIdentifier(node) && checker.getSymbolAtLocation(node) === symbol) {
        const place = listeningPlace(node);
        if (place !== null) listens = Math.min(listens ?? Infinity, place);
      }
      // the place where the wait begins: all inside its operand has been evaluated by then
      if (isWait(node) && sameBody(node, body)) waits = Math.min(waits ?? Infinity, node.getEnd());
      if (ts.isForOfStatement(node) && node.awaitModifier && sameBody(node, body))
        waits = Math.min(waits ?? Infinity, node.expression.getEnd());
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return waits !== null && (listens === null || listens > waits);
}

/**
 * Where a reference hears a rejection; null for one that only looks at the promise.
 * @param {Node} reference
 */
function listeningPlace(reference) {
  let node = reference;
  while (ts.isParenthesizedExpression(node.parent) || ts.isSpreadElement(node.parent) || isArrayOf(node))
    node = node.parent;
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return reference.getStart();
  if (ts.isCallExpression(parent) && parent.arguments.some((each) => each === node)) {
    const called = parent.expression.getText();
    return GATHERING.test(called) || isAwaited(parent) ? reference.getStart() : null;
  }
  if (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent))
    return isHeard(parent.parent) || isAwaited(parent.parent) ? reference.getStart() : null;
  if (ts.isArrowFunction(parent)) return reference.getStart();
  return null;
}

/**
 * @param {import('typescript').ArrowFunction | import('typescript').FunctionExpression} node
 * @param {import('typescript').TypeChecker} checker
 */
function isHanded(node, checker) {
  const type = checker.getContextualType(node);
  if (!type) return false;
  const signatures = type.isUnion()
    ? type.types.flatMap((each) => each.getCallSignatures())
    : type.getCallSignatures();
  const expectsNothing = signatures.every(
    (each) => (each.getReturnType().flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0,
  );
  return signatures.length > 0 && expectsNothing && !catchesAll(node.body);
}

/**
 * @param {Node} node
 * @param {import('typescript').TypeChecker} checker
 */
function isStored(node, checker) {
  const value = storedValue(node);
  if (!value || ts.isFunctionLike(value) || ts.isIdentifier(value)) return false;
  if (!holdsPromise(checker.getTypeAtLocation(value), checker)) return false;
  return !isHeard(value) && !cannotFail(value, checker);
}

/** @param {Node} node */
function storedValue(node) {
  if (ts.isPropertyDeclaration(node)) return node.initializer;
  return ts.isBinaryExpression(node) && STORING.has(node.operatorToken.kind) ? node.right : null;
}

/** @param {Node} node */
const isWait = (node) => ts.isAwaitExpression(node) || ts.isYieldExpression(node);
/** @param {Node} node */
const isArrayOf = (node) => ts.isArrayLiteralExpression(node.parent);
/** @param {Node} node */
const isAwaited = (node) => {
  let { parent } = node;
  while (ts.isCallExpression(parent) || ts.isPropertyAccessExpression(parent)) parent = parent.parent;
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent);
};
/**
 * @param {Node} node
 * @returns {node is import('typescript').ArrowFunction | import('typescript').FunctionExpression}
 */
const isAsyncFunction = (node) =>
  (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
  (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
/**
 * @param {Node} node
 * @param {Node} body
 */
const sameBody = (node, body) => enclosingBody(node) === body;

/** @param {Node} node */
function enclosingBody(node) {
  let { parent } = node;
  while (!ts.isSourceFile(parent) && !ts.isFunctionLike(parent)) parent = parent.parent;
  return parent;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = findUnheard(process.cwd());
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
