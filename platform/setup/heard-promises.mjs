/** Whether an expression is a promise, whether somebody hears its rejection, and whether it can have one. */

import ts from 'typescript';

/** @typedef {import('typescript').Node} Node */
/** @typedef {import('typescript').Expression} Expression */

/** Calls whose result is heard as it is. */
const LISTENING = new Set(['heard', 'Promise.allSettled']);

/**
 * A call of catch, or of then with both handlers; what follows it only passes on what these made of the rejection.
 * @param {Expression} expression
 * @returns {boolean}
 */
export function isHeard(expression) {
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
export function cannotFail(expression, checker) {
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
export function catchesAll(body) {
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
export function holdsPromise(type, checker) {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) return false;
  if (type.isUnion()) return type.types.some((each) => holdsPromise(each, checker));
  if (type.getProperty('then')) return type.getProperty('catch') !== undefined;
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false;
  const list = /** @type {import('typescript').TypeReference} */ (type);
  return checker.getTypeArguments(list).some((each) => holdsPromise(each, checker));
}

/** @param {Expression} expression */
export function unwrapped(expression) {
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
