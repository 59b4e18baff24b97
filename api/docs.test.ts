/** The manual and the code say the same, both ways. */

import { readFileSync } from 'node:fs';
import { createQuestions } from '../classification/questions/answers.ts';
import { COMMANDS } from '../cli/registry.ts';
import { UNLIMITED } from '../core/access/limits.ts';
import { isPermission, PERMISSIONS } from '../core/access/permissions.ts';
import { rolesAllowed } from '../core/access/policies.ts';
import { codesRetried, ERROR_CODES } from '../core/errors.ts';
import { LOCAL } from '../core/principal.ts';
import { createDatabase, createEventHub } from '../db/index.ts';
import { createOutbound, sourcesByType } from '../sources/index.ts';
import { createBlobStore, createObjectStore } from '../storage/index.ts';
import { createCredentialWatch } from './access/credential-watch.ts';
import { createApp } from './app.ts';
import { DESCRIPTIONS } from './openapi/descriptions.ts';
import { StartProblems } from './start-problems.ts';
import { createTemporalGateway } from './temporal-gateway.ts';
import { noConnections, testPolicies } from './testing/api-server.ts';
import { TEST_SETTINGS } from './testing/api-settings.ts';
import { createFakeTools } from './testing/fake-tools.ts';

/** First cells of a page's tables, as code. */
function firstCells(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell = '']) => cell);
}

/** The app over parts that nobody asks for anything. */
function unconnectedApp() {
  const db = createDatabase({ url: 'postgres://127.0.0.1:1/none' });
  const keys = { accessKey: 'none', secretKey: 'none' };
  const store = createObjectStore({
    endpoint: 'http://127.0.0.1:1',
    region: 'none',
    bucket: 'none',
    ...keys,
  });
  const target = { address: '127.0.0.1:1', namespace: 'none', apiKey: null };
  const gateway = createTemporalGateway({
    ...target,
    commandTimeoutSeconds: 1,
    waitingCommands: 1,
    freshWorkers: async () => 0,
  });
  const hub = createEventHub(db);
  const parts = {
    policies: testPolicies(),
    credentials: createCredentialWatch(db, hub),
    ...{ db, store, blobs: createBlobStore(store), hub, gateway, tools: createFakeTools(store) },
    ...{ classifier: createQuestions(TEST_SETTINGS.classificationFolder), columnSources: sourcesByType({}) },
    connections: noConnections(),
    startProblems: new StartProblems(),
    outbound: createOutbound({ allowed: [] }),
  };
  const close = () => Promise.all([hub.close(), gateway.close(), db.close(), store.close()]);
  return {
    app: createApp({
      ...parts,
      settings: TEST_SETTINGS,
      authenticate: () => LOCAL,
      limitsOf: () => UNLIMITED,
      audit: { record: () => undefined },
    }),
    close,
  };
}

test('docs/errors.md has every code with its statuses, and no other', () => {
  const rows = [
    ...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\d+) +\| (\d+) +\| (.+?) +\|/gm),
  ];
  const written = rows.map(([, code, http, grpc, title]) => [code, Number(http), Number(grpc), title]);
  const known = Object.entries(ERROR_CODES).map(([code, { http, grpc, title }]) => [code, http, grpc, title]);
  expect(written).toEqual(known);
});

test('docs/errors.md names what is tried again for as long as it takes', () => {
  const [, list = ''] =
    /another attempt mends it:\n([^.]+)\./.exec(readFileSync('docs/errors.md', 'utf8')) ?? [];
  expect([...list.matchAll(/`(\w+)`/g)].map(([, code]) => code)).toEqual(codesRetried('endlessly'));
});

test('docs/security.md has every permission, and who has it as the policies come', () => {
  const policies = testPolicies().current();
  const written = [
    ...readFileSync('docs/security.md', 'utf8').matchAll(/^\| `([\w:]+)` \| (.+) \| (.+) \|$/gm),
  ];
  const known = Object.entries(PERMISSIONS).map(([name, meaning]) => {
    const roles = isPermission(name) ? rolesAllowed(policies, name) : [];
    return [name, meaning, roles.join(', ')];
  });
  expect(written.map(([, ...cells]) => cells)).toEqual(known);
});

test('docs/rest.md has every route, and no other', async () => {
  const { app, close } = unconnectedApp();
  await app.ready();
  expect(firstCells('docs/rest.md').sort()).toEqual([...app.routeList].sort());
  const written = [
    ...readFileSync('docs/rest.md', 'utf8').matchAll(/^\| `(\w+ \/api[^`]*)` +\| (.+?) +\|$/gm),
  ];
  const summaries = Object.entries(DESCRIPTIONS).map(([route, { summary }]) => [route, summary]);
  expect(Object.fromEntries(written.map(([, route, summary]) => [route, summary]))).toEqual(
    Object.fromEntries(summaries),
  );

  await app.close();
  await close();
});

test('the OpenAPI document has every route, with every reference resolved', async () => {
  const { app, close } = unconnectedApp();
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const text = await (await fetch(`${url}/api/openapi.json`)).text();
  const document = JSON.parse(text);
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = app.routeList
    .filter((route) => route.includes(' /api/'))
    .map((route) => route.replace(/:(\w+)/g, '{$1}').replace('*', '{path}'));
  expect(described.sort()).toEqual(served.sort());
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(new Set(named).size).toBeGreaterThan(5);
  expect(named.filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([]);
  expect(
    document.paths['/api/sessions/{id}'].get.responses['200'].content['application/json'].schema,
  ).toEqual({
    $ref: '#/components/schemas/Session',
  });
  const page = await fetch(`${url}/api/docs`);
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  const html = await page.text();
  expect(html).toContain('/api/sessions/{id}/stages/{stage}/start');
  expect(html).not.toMatch(/<script/);
  await app.close();
  await close();
});

test('docs/cli.md has every command as it is used, and no other', () => {
  const known = COMMANDS.map(({ name, usage }) => `tempera ${name} ${usage}`.trim());
  expect(firstCells('docs/cli.md').sort()).toEqual(known.sort());
});
