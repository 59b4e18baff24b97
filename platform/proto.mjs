// Generates the code of proto/**/*.proto:
//   proto/generated/                        TypeScript, grpc-js services, enums as string literals (buf + ts-proto)
//   sandbox/tempera_sandbox/generated/      Python messages and services of proto/tempera (grpcio-tools); those of
//                                           gRPC's own services are packages there
// Usage: node platform/proto.mjs [--force] [--python PATH]
// Each half is skipped when its inputs are unchanged (a stamp file holds their hash) and written to a folder beside
// the target first, so that a reader never sees half of it. Without a Python environment only TypeScript is made.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from './setup/make-folder.mjs';
import { wordsOf } from './setup/process.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const protoRoot = join(root, 'proto');
const typescriptTarget = join(protoRoot, 'generated');
const pythonTarget = join(root, 'sandbox', 'tempera_sandbox', 'generated');

/** Options of ts-proto; part of the stamp, so a change regenerates. */
const TS_PROTO_OPTIONS = [
  'outputServices=grpc-js',
  'stringEnums=true',
  'enumsAsLiterals=true',
  'forceLong=number',
  'oneof=unions-value',
  'useOptionals=none',
  'env=node',
  'esModuleInterop=true',
  'importSuffix=.ts',
  'useExactTypes=false',
  'removeEnumPrefix=true',
  'unrecognizedEnum=false',
  'outputPartialMethods=true',
  'useDate=string',
  'snakeToCamel=true',
];

/** The interpreter of the locked Python environment: its folder is named by the lock file's hash. */
export function pythonEnvironment() {
  const lock = readFileSync(join(root, 'sandbox', 'requirements.lock'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'tempera', 'python', hash, 'bin', 'python');
}

/** @returns {string[]} */
function protoFiles(folder = protoRoot) {
  /** @type {string[]} */
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && path !== typescriptTarget) found.push(...protoFiles(path));
    else if (entry.name.endsWith('.proto')) found.push(path);
  }
  return found.sort();
}

/** Those of our own services, relative to proto/. */
function ownProtoFiles() {
  return protoFiles()
    .map((file) => relative(protoRoot, file))
    .filter((file) => file.startsWith('tempera/'));
}

/** @param {unknown[]} extra */
function stampOf(...extra) {
  const hash = createHash('sha256');
  for (const file of protoFiles()) hash.update(relative(protoRoot, file)).update(readFileSync(file));
  for (const value of extra) hash.update(String(value));
  return hash.digest('hex');
}

/**
 * @param {string} target
 * @param {string} stamp
 */
function isCurrent(target, stamp) {
  const file = join(target, '.stamp');
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/**
 * Writes into a neighbour folder and swaps it in, so that a crash leaves the old code.
 * @param {string} target
 * @param {string} stamp
 * @param {(part: string) => void} fill
 */
function replaceFolder(target, stamp, fill) {
  const part = `${target}.part-${process.pid}`;
  rmSync(part, { recursive: true, force: true });
  makeFolder(part);
  try {
    fill(part);
    writeFileSync(join(part, '.stamp'), stamp);
    rmSync(target, { recursive: true, force: true });
    renameSync(part, target);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {string} cwd
 */
function execute(command, commandArguments, cwd) {
  try {
    execFileSync(command, commandArguments, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    const output = [stdout, stderr].filter(Boolean).join('\n').trim();
    throw new Error(
      `code generation failed [${command} ${commandArguments[0]}]: ${output || wordsOf(error)}`,
    );
  }
}

/**
 * @param {string} name
 * @returns {string}
 */
function packageVersion(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** @param {boolean} force */
function generateTypeScript(force) {
  const stamp = stampOf(
    'descriptors',
    TS_PROTO_OPTIONS,
    packageVersion('ts-proto'),
    packageVersion('@bufbuild/buf'),
  );
  if (!force && isCurrent(typescriptTarget, stamp)) return 'unchanged';
  replaceFolder(typescriptTarget, stamp, (part) => {
    const template = {
      version: 'v2',
      plugins: [
        {
          local: join(root, 'node_modules', '.bin', 'protoc-gen-ts_proto'),
          out: part,
          opt: TS_PROTO_OPTIONS,
        },
      ],
    };
    execute(
      join(root, 'node_modules', '.bin', 'buf'),
      ['generate', '--template', JSON.stringify(template)],
      protoRoot,
    );
    writeDescriptors(part);
  });
  return 'generated';
}

/**
 * Every file's descriptor, imports too, for the reflection service of the api process.
 * @param {string} part
 */
function writeDescriptors(part) {
  const image = join(part, 'descriptors.binpb');
  execute(
    join(root, 'node_modules', '.bin', 'buf'),
    ['build', '--as-file-descriptor-set', '-o', image],
    protoRoot,
  );
  const text = readFileSync(image).toString('base64');
  const comment = '/** A google.protobuf.FileDescriptorSet of every .proto file, in base64. */';
  writeFileSync(join(part, 'descriptors.ts'), `${comment}\nexport const FILE_DESCRIPTOR_SET = '${text}';\n`);
  rmSync(image);
}

/**
 * @param {boolean} force
 * @param {string} python
 */
function generatePython(force, python) {
  if (!existsSync(python)) return 'skipped: no Python environment yet';
  const stamp = stampOf(readFileSync(join(root, 'sandbox', 'requirements.lock')));
  if (!force && isCurrent(pythonTarget, stamp)) return 'unchanged';
  replaceFolder(pythonTarget, stamp, (part) => {
    const files = ownProtoFiles();
    const outputs = [`--python_out=${part}`, `--pyi_out=${part}`, `--grpc_python_out=${part}`];
    execute(python, ['-m', 'grpc_tools.protoc', `-I${protoRoot}`, ...outputs, ...files], protoRoot);
    flattenPython(part);
  });
  return 'generated';
}

/** protoc writes absolute imports of the folder (`from tempera.v1 import x`), which would collide with the SDK's
 *  package `tempera`; the modules move to one package and import each other relatively.
 * @param {string} part
 */
function flattenPython(part) {
  for (const folder of new Set(ownProtoFiles().map((file) => dirname(file)))) {
    const nested = join(part, folder);
    for (const name of readdirSync(nested)) {
      const source = readFileSync(join(nested, name), 'utf8');
      writeFileSync(join(part, name), source.replace(/^from tempera\.v1 import /gm, 'from . import '));
    }
  }
  rmSync(join(part, 'tempera'), { recursive: true, force: true });
  writeFileSync(join(part, '__init__.py'), '');
}

function main() {
  const force = process.argv.includes('--force');
  const at = process.argv.indexOf('--python');
  const python = (at > 0 ? process.argv[at + 1] : undefined) ?? pythonEnvironment();
  console.log(`proto: TypeScript ${generateTypeScript(force)}, Python ${generatePython(force, python)}`);
}

main();
