/** A way to a server that is as slow as a poor mobile network: whole connections, whatever the browser opens. */

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface SlowNetwork {
  port: number;
  close(): void;
}

export interface NetworkSpeed {
  /** Each way, all connections together. */
  bitsPerSecond: number;
  /** There and back. */
  latencyMs: number;
}

/** Bytes that go on at once: small against a second's worth, so that connections share the way evenly. */
const PIECE_BYTES = 1_400;

/** Listens on a free port of 127.0.0.1 and leads to `port` there. */
export async function startSlowNetwork(port: number, speed: NetworkSpeed): Promise<SlowNetwork> {
  const sockets = new Set<Socket>();
  const [up, down] = [createLane(speed.bitsPerSecond), createLane(speed.bitsPerSecond)];
  const server = createServer((near) => {
    const far = createConnection({ host: '127.0.0.1', port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
      // an end that breaks closes the other; the browser tells of it
      socket.on('error', () => socket.destroy());
    }
    // a connection is made by a round trip of its own before its first byte goes
    const opened = performance.now() + speed.latencyMs;
    near.pipe(delayed(up, speed.latencyMs / 2, opened)).pipe(far);
    far.pipe(delayed(down, speed.latencyMs / 2, opened)).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** When bytes that want to go now have gone, one after the other. */
type Lane = (bytes: number) => number;

function createLane(bitsPerSecond: number): Lane {
  let free = 0;
  return (bytes) => {
    free = Math.max(free, performance.now()) + (bytes * 8 * 1_000) / bitsPerSecond;
    return free;
  };
}

/** Hands each piece on when the lane has carried it and `latencyMs` have passed, not before `opened`. */
function delayed(lane: Lane, latencyMs: number, opened: number): Transform {
  const underWay: Buffer[] = [];
  return new Transform({
    highWaterMark: PIECE_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      const next = (): void => {
        if (from >= chunk.length) {
          done();
          return;
        }
        const piece = chunk.subarray(from, from + PIECE_BYTES);
        from += PIECE_BYTES;
        const carried = Math.max(lane(piece.length), opened);
        underWay.push(piece);
        // what is on its way does not keep the next piece from setting out; timers may pass each other, pieces not
        setTimeout(
          () => underWay.length > 0 && this.push(underWay.shift()),
          carried + latencyMs - performance.now(),
        );
        setTimeout(next, carried - performance.now());
      };
      next();
    },
    flush(done) {
      setTimeout(() => {
        for (const piece of underWay.splice(0)) this.push(piece);
        done();
      }, latencyMs);
    },
  });
}
