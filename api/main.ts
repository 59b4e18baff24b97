/** The api process: settings, parts, listen, close. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, tellUnheardRejections } from '../config/index.ts';
import { apiProcess } from './process.ts';

tellUnheardRejections();
const config = await loadConfig();
const { version } = JSON.parse(await readFile(join(config.root, 'package.json'), 'utf8'));
const api = await apiProcess(config, version);

const closed = new Promise((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
});
console.log(JSON.stringify({ event: 'listening', address: api.address, grpc: api.grpcAddress }));
await closed;
await api.close();
