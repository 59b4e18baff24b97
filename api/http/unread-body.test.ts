import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { dropUnreadBody } from './unread-body.ts';

async function serve(listener: RequestListener): Promise<{ port: number; close: () => void }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('a client that is refused in the middle of a large body reads the answer', async () => {
  const { port, close } = await serve(async (request, response) => {
    await once(request, 'data');
    request.pause();
    await dropUnreadBody(request);
    response.writeHead(415, { connection: 'close' }).end('refused');
  });
  for (let at = 0; at < 5; at += 1) {
    const body = new Blob([new Uint8Array(8 * 1024 * 1024)]);
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([415, 'refused']);
  }
  close();
});

test('a client that stops in the middle is not waited for', async () => {
  const { port, close } = await serve(async (request, response) => {
    await dropUnreadBody(request, 100);
    response.writeHead(415, { connection: 'close' }).end('refused');
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 100000\r\n\r\nfirst bytes');
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 415/);
  close();
});
