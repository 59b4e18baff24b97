/**
 * Promises whose rejection nobody would hear: Node ends a process for one. Found by their types, in four forms.
 *
 * dropped    a promise as a statement, also behind `void`, that nothing catches
 * held       one that is kept in a variable while something else is awaited: it may fail in between
 * handed     an async function where its caller expects nothing back, and so hears nothing
 * stored     one that is kept in a field, where nobody listens yet
 */

import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/** @typedef {import('typescript').Node} Node */
/** @typedef {import('typescript').Expression} Expression */

const FOLDERS =
  /^(core|workflows|activities|agents|models|storage|sandbox-client|db|worker|api|config|platform|cli)\//;
const OUTSIDE = /\.test\.ts$|\.d\.m?ts$|\/testing\/|\/generated\/|^platform\/(build|proto|openapi)\.mjs$/;
/** Calls whose result is heard as it is. */
const LISTENING = new Set(['heard', 'Promise.allSettled']);
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
const isProduct = (path) => FOLDERS.test(path) && !OUTSIDE.test(path);

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

/**
 * A call of catch, or of then with both handlers; what follows it only passes on what these made of the rejection.
 * @param {Expression} expression
 * @returns {boolean}
 */
function isHeard(expression) {
  const call = unwrapped(expression);
  if (ts.isAwaitExpression(call)) return true;
  if (!ts.isCallExpression(call)) return false;
  const called = call.expression;
  if (LISTENING.has(called.getText())) return true;
  if (!ts.isPropertyAccessExpression(called)) return false;
  const name = called.name.text;
  if (name === 'catch') return call.arguments.length > 0;
  if (name === 'then' && call.arguments.length > 1) return true;
  return (name === 'then' || name === 'finally') && isHeard(called.expression);
}

/**
 * `new Promise` whose executor takes no way to fail, `Promise.resolve`, and a function of ours that catches all.
 * @param {Expression} expression
 * @param {import('typescript').TypeChecker} checker
 * @returns {boolean}
 */
function cannotFail(expression, checker) {
  const made = unwrapped(expression);
  if (ts.isConditionalExpression(made))
    return cannotFail(made.whenTrue, checker) && cannotFail(made.whenFalse, checker);
  if (ts.isCallExpression(made)) {
    if (made.expression.getText() === 'Promise.resolve') return true;
    const declaration = checker.getResolvedSignature(made)?.declaration;
    return declaration !== undefined && catchesAll(bodyOf(declaration));
  }
  if (!ts.isNewExpression(made) || made.expression.getText() !== 'Promise') return false;
  const [executor] = made.arguments ?? [];
  return executor !== undefined && ts.isArrowFunction(executor) && executor.parameters.length < 2;
}

/** @param {import('typescript').SignatureDeclaration | import('typescript').JSDocSignature} declaration */
const bodyOf = (declaration) =>
  'body' in declaration
    ? /** @type {Expression | import('typescript').Block | undefined} */ (declaration.body)
    : undefined;

/**
 * Everything that can fail in it stands in a try with a catch.
 * @param {Expression | import('typescript').Block | undefined} body
 * @returns {boolean}
 */
function catchesAll(body) {
  if (!body || !ts.isBlock(body)) return body !== undefined && isHeard(body);
  const last = body.statements.at(-1);
  if (last === undefined || !ts.isTryStatement(last) || last.catchClause === undefined) return false;
  return body.statements.slice(0, -1).every((each) => !mayFail(each));
}

/**
 * @param {Node} node
 * @returns {boolean}
 */
const mayFail = (node) =>
  ts.isCallExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.forEachChild(node, (each) => mayFail(each)) === true;

/**
 * Whether the value is a promise, or a list of them. What has no `catch` is a framework's own thenable.
 * @param {import('typescript').Type} type
 * @param {import('typescript').TypeChecker} checker
 * @returns {boolean}
 */
function holdsPromise(type, checker) {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) return false;
  if (type.isUnion()) return type.types.some((each) => holdsPromise(each, checker));
  if (type.getProperty('then')) return type.getProperty('catch') !== undefined;
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false;
  const list = /** @type {import('typescript').TypeReference} */ (type);
  return checker.getTypeArguments(list).some((each) => holdsPromise(each, checker));
}

/** @param {Expression} expression */
function unwrapped(expression) {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
  )
    node = node.expression;
  return node;
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
