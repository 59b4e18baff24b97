/** A server for tests: listens on the port given, answers `ok`; `stubborn` ignores SIGTERM. */

import { createServer } from 'node:http';

const [port, manner] = process.argv.slice(2);
if (manner === 'broken') {
  console.error('cannot start: it is broken');
  process.exit(3);
}
if (manner === 'stubborn') {
  process.on('SIGTERM', () => {});
}
createServer((_request, response) => response.end('ok')).listen(Number(port), '127.0.0.1');
