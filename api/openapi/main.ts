/** Prints the OpenAPI document, over parts that are never asked for anything: no server is needed. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createThreadedQuestions } from '../../classification/questions/in-thread.ts';
import { loadConfig, policyFile, readPolicies } from '../../config/index.ts';
import { UNLIMITED } from '../../core/access/limits.ts';
import { createDatabase, createEventHub } from '../../db/index.ts';
import { createOutbound, sourcesByType } from '../../sources/index.ts';
import { createBlobStore, createObjectStore } from '../../storage/index.ts';
import { authenticateLocal } from '../access/authenticate.ts';
import { createCredentialWatch } from '../access/credential-watch.ts';
import { createApp } from '../app.ts';
import { connectTools } from '../sandbox.ts';
import { apiSettings } from '../settings.ts';
import { StartProblems } from '../start-problems.ts';
import { createTemporalGateway } from '../temporal-gateway.ts';
import { openApiDocument } from './document.ts';

const NOWHERE = '127.0.0.1:1';
const config = await loadConfig({ TEMPERA_LOG_LEVEL: 'silent' }, { root: process.cwd() });
const { version } = JSON.parse(await readFile(join(config.root, 'package.json'), 'utf8'));
const db = createDatabase({ url: `postgres://${NOWHERE}/none` });
const store = createObjectStore({
  endpoint: `http://${NOWHERE}`,
  ...{ region: 'none', bucket: 'none', accessKey: 'none', secretKey: 'none' },
});
const blobs = createBlobStore(store);
const hub = createEventHub(db);
const gateway = createTemporalGateway({
  ...{ address: NOWHERE, namespace: 'none', apiKey: null, commandTimeoutSeconds: 1, waitingCommands: 1 },
  freshWorkers: async () => 0,
});
const sandbox = connectTools(
  { provider: 'local', addresses: [NOWHERE], token: '', tls: null, modal: null },
  { db, store, blobs },
  config.limits,
);
// stdout is the document's alone
const settings = { ...apiSettings(config, version), logLevel: 'silent' };
const classifier = createThreadedQuestions(join(config.root, 'build', 'questions.mjs'), {
  folder: settings.classificationFolder,
});
const { resolve: reach } = createOutbound({ allowed: [] });
const connections = { configured: [], problems: [], seal: null, reach, probes: new Map() };
const parts = {
  ...{ db, store, blobs, hub, gateway, settings, tools: sandbox.tools },
  ...{ classifier, columnSources: sourcesByType({}), connections, startProblems: new StartProblems() },
  outbound: createOutbound({ allowed: [] }),
};
const policies = readPolicies(policyFile(config.root));
const app = createApp({
  ...parts,
  authenticate: authenticateLocal,
  credentials: createCredentialWatch(db, hub),
  policies: { current: () => policies },
  limitsOf: () => UNLIMITED,
  audit: { record: () => undefined },
});
await app.ready();
process.stdout.write(`${JSON.stringify(openApiDocument(app.routes, version), null, 2)}\n`);
await app.close();
sandbox.close();
store.close();
await Promise.allSettled([hub.close(), gateway.close()]);
await db.close();
