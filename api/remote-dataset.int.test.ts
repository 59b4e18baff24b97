/** Experiments of a table by its URL: the same file as if it had been sent, and nothing from where no URL may lead. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '../core/ids.ts';
import type { Experiment } from '../core/records.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { CSV, call, json } from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const location = /^\/to\?(.*)$/.exec(request.url ?? '')?.[1];
    if (location !== undefined) response.writeHead(302, { location: decodeURIComponent(location) }).end();
    else if (request.url === '/large.csv') response.end(`${CSV}${'x'.repeat(9 * 1024 * 1024)}`);
    else if (/\.csv(\?|$)/.test(request.url ?? '')) response.end(CSV);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const create = (dataset_ref: string) =>
  call(api, '/api/experiments', { json: { dataset_ref, name: 'remote' } });

test('a table at a URL becomes the experiment’s own file', async () => {
  const made = await create(`${url}/tables/penguins.csv?version=2`);
  expect(made.status).toBe(201);
  const { id, dataset } = await json<Experiment>(made);
  const file = { name: 'penguins.csv', s3_path: `datasets/${id}/penguins.csv`, sha256: sha256(CSV) };
  expect(dataset.files).toEqual([{ ...file, size: CSV.length }]);
});

test.each([
  ['a metadata service', () => 'https://169.254.169.254/latest/table.csv', 400, 'INVALID_INPUT'],
  ['another port of this machine by another name', () => 'https://[::1]/table.csv', 400, 'INVALID_INPUT'],
  ['plain text over a network', () => 'http://192.0.2.1/table.csv', 400, 'INVALID_INPUT'],
  ['a file that is not there', () => `${url}/none.csv.gz`, 400, 'INVALID_INPUT'],
  ['no table', () => `${url}/page.html`, 415, 'UNSUPPORTED_TYPE'],
  ['too much', () => `${url}/large.csv`, 413, 'TOO_LARGE'],
])('%s is refused, and nothing is stored', async (_what, reference, status, code) => {
  const before = await api.keys('datasets/');
  const refused = await create(reference());
  expect([refused.status, (await json(refused)).code]).toEqual([status, code]);
  expect(await api.keys('datasets/')).toEqual(before);
});

test('a data connection to where no URL may lead is not made', async () => {
  const body = { name: 'inside', type: 'postgres', address: 'postgres://10.0.0.7/sales' };
  const refused = await call(api, '/api/data-connections', { json: body });
  expect([refused.status, (await json(refused)).detail]).toEqual([
    400,
    expect.stringContaining('TEMPERA_OUTBOUND_HOSTS'),
  ]);
});
