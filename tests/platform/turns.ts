/**
 * Files take turns with a shared platform, and its calls of the model go to the server of the file whose turn it is.
 * A turn lasts as long as the connection by which it was asked for, so that a file that breaks off gives it back too.
 * Meanwhile whoever keeps the platform obeys the orders of the one whose turn it is.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Turns {
  /** What the platform's ANTHROPIC_BASE_URL is set to. */
  modelUrl: string;
  /** Where turns are asked for. */
  port: number;
  close(): void;
}

export interface Turn {
  /** Orders something of whoever keeps the platform. @returns what it answers @throws when it fails */
  order(order: string): Promise<string>;
  give(): void;
}

/** Does what is ordered and answers in one line. */
export type Obey = (order: string) => Promise<string>;

const obeysNothing: Obey = async (order) => {
  throw new Error(`nobody obeys [${order}]`);
};

/** Starts what gives out turns, one at a time, in the order in which they were asked for. */
export async function startTurns(obey: Obey = obeysNothing): Promise<Turns> {
  const waiting: Socket[] = [];
  let holder: Socket | null = null;
  /** Of the model's server of the holder; null while nobody has the turn. */
  let modelPort: number | null = null;

  const next = () => {
    holder = waiting.shift() ?? null;
    modelPort = null;
    holder?.write('yours\n');
  };
  const turns = await listen((asking) => {
    waiting.push(asking);
    asking.on('error', () => undefined); // it closes as well
    asking.once('close', () => {
      if (asking === holder) next();
      else if (waiting.includes(asking)) waiting.splice(waiting.indexOf(asking), 1);
    });
    createInterface({ input: asking }).on('line', (line) => {
      if (/^\d+$/.test(line)) {
        modelPort = Number(line);
        asking.write('led\n');
      } else {
        void outcomeOf(obey, line).then((outcome) => asking.write(`${outcome}\n`));
      }
    });
    if (holder === null) next();
  });
  const calls = await listen((call) => {
    call.on('error', () => undefined);
    if (modelPort === null) {
      call.destroy();
      return;
    }
    const model = connect(modelPort, '127.0.0.1');
    model.on('error', () => undefined);
    model.once('close', () => call.destroy());
    call.once('close', () => model.destroy());
    call.pipe(model).pipe(call);
  });
  return {
    modelUrl: `http://127.0.0.1:${portOf(calls)}`,
    port: portOf(turns),
    close() {
      for (const server of [turns, calls]) server.close();
      for (const asking of [...waiting, holder]) asking?.destroy();
    },
  };
}

/**
 * Waits for the turn, then has the platform's calls of the model sent to `modelPort`.
 * @throws when `signal` aborts while it waits
 */
export async function takeTurn(port: number, modelPort: number, signal?: AbortSignal): Promise<Turn> {
  const connection = connect(port, '127.0.0.1');
  const lines = createInterface({ input: connection });
  const answer = async (expected: string): Promise<string> => {
    const [line] = await once(lines, 'line', { signal });
    if (!String(line).startsWith(expected)) throw new Error(`turns answered [${line}] to [${expected}]`);
    return String(line).slice(expected.length);
  };
  const send = (line: string, expected: string): Promise<string> => {
    const answered = answer(expected);
    connection.write(`${line}\n`);
    return answered;
  };
  try {
    await answer('yours');
    await send(String(modelPort), 'led');
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return { order: (order) => send(order, 'done '), give: () => connection.destroy() };
}

/** A line that says what has come of an order. */
function outcomeOf(obey: Obey, order: string): Promise<string> {
  return obey(order).then(
    (answer) => `done ${answer}`,
    (error: unknown) => `failed ${JSON.stringify(String(error))}`,
  );
}

async function listen(take: (socket: Socket) => void): Promise<Server> {
  const server = createServer(take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
