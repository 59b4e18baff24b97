/**
 * A HiveServer2 for tests: the real Thrift service, generated from Hive's own definition, over tables in memory. It
 * knows the four statements that are asked of it, as Hive writes them, and refuses others as Hive does.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { thrift as hive } from 'hive-driver';
import thrift from 'thrift';

const types = hive.TCLIService_types;

export interface HiveTable {
  columns: [name: string, type: string][];
  rows: (string | null)[][];
}

export interface TestHiveOptions {
  databases: Record<string, Record<string, HiveTable>>;
  /** Asks for these by SASL PLAIN; without them for none. */
  credentials?: { user: string; password: string };
}

export interface TestHive {
  port: number;
  /** Statements that came. */
  statements: string[];
  stop(): Promise<void>;
}

type Answer = { names: string[]; rows: (string | null)[][] };

export async function startTestHive(options: TestHiveOptions): Promise<TestHive> {
  const statements: string[] = [];
  const transport = options.credentials ? thrift.TFramedTransport : thrift.TBufferedTransport;
  const service = thrift.createServer(hive.TCLIService, handlerOf(options, statements), {
    transport,
    protocol: thrift.TBinaryProtocol,
  }) as unknown as Server;
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const servers = [service];
  if (options.credentials) servers.push(await guarded(portOf(service), options.credentials));
  const sockets = new Set<Socket>();
  for (const server of servers) server.on('connection', (socket) => sockets.add(socket));
  return {
    port: portOf(servers.at(-1) as Server),
    statements,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function handlerOf({ databases }: TestHiveOptions, statements: string[]) {
  const operations = new Map<string, Answer>();
  const success = new types.TStatus({ statusCode: types.TStatusCode.SUCCESS_STATUS });
  const identifier = (text: string) =>
    new types.THandleIdentifier({ guid: Buffer.from(text.padEnd(16)), secret: Buffer.alloc(16) });
  type Reply = (error: null, answer: unknown) => void;
  const answerTo = ({ operationHandle }: { operationHandle: { operationId: { guid: Buffer } } }): Answer =>
    operations.get(operationHandle.operationId.guid.toString()) ?? { names: [], rows: [] };
  return {
    OpenSession: (_: unknown, reply: Reply) =>
      reply(
        null,
        new types.TOpenSessionResp({
          status: success,
          serverProtocolVersion: types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10,
          sessionHandle: new types.TSessionHandle({ sessionId: identifier('session') }),
        }),
      ),
    ExecuteStatement({ statement }: { statement: string }, reply: Reply) {
      statements.push(statement);
      const answer = answered(databases, statement);
      const operationId = identifier(`operation ${statements.length}`);
      if (typeof answer !== 'string') operations.set(operationId.guid.toString(), answer);
      const failed = { statusCode: types.TStatusCode.ERROR_STATUS, errorMessage: answer };
      reply(
        null,
        new types.TExecuteStatementResp({
          status: typeof answer === 'string' ? new types.TStatus(failed) : success,
          operationHandle: new types.TOperationHandle({
            ...{ operationId, operationType: types.TOperationType.EXECUTE_STATEMENT, hasResultSet: true },
          }),
        }),
      );
    },
    GetOperationStatus: (_: unknown, reply: Reply) =>
      reply(
        null,
        new types.TGetOperationStatusResp({
          ...{ status: success, operationState: types.TOperationState.FINISHED_STATE, hasResultSet: true },
        }),
      ),
    GetResultSetMetadata: (request: Parameters<typeof answerTo>[0], reply: Reply) =>
      reply(
        null,
        new types.TGetResultSetMetadataResp({ status: success, schema: schemaOf(answerTo(request).names) }),
      ),
    FetchResults(request: Parameters<typeof answerTo>[0], reply: Reply) {
      const answer = answerTo(request);
      const rows = answer.rows.splice(0, 400);
      reply(
        null,
        new types.TFetchResultsResp({
          ...{
            status: success,
            hasMoreRows: answer.rows.length > 0,
            results: rowSetOf(answer.names.length, rows),
          },
        }),
      );
    },
    CloseOperation: (_: unknown, reply: Reply) =>
      reply(null, new types.TCloseOperationResp({ status: success })),
    CloseSession: (_: unknown, reply: Reply) => reply(null, new types.TCloseSessionResp({ status: success })),
  };
}

function schemaOf(names: string[]) {
  const type = new types.TPrimitiveTypeEntry({ type: types.TTypeId.STRING_TYPE });
  const typeDesc = new types.TTypeDesc({ types: [new types.TTypeEntry({ primitiveEntry: type })] });
  return new types.TTableSchema({
    columns: names.map((columnName, at) => new types.TColumnDesc({ columnName, typeDesc, position: at + 1 })),
  });
}

function rowSetOf(width: number, rows: (string | null)[][]) {
  const columns = Array.from({ length: width }, (_, at) => {
    const nulls = Buffer.alloc(Math.ceil(rows.length / 8));
    for (const [place, row] of rows.entries())
      if (row[at] === null) nulls[place >> 3] = (nulls[place >> 3] ?? 0) | (1 << (place & 7));
    const values = rows.map((row) => row[at] ?? '');
    return new types.TColumn({ stringVal: new types.TStringColumn({ values, nulls }) });
  });
  return new types.TRowSet({ startRowOffset: 0, rows: [], columns });
}

/** The answer to a statement, or Hive's words for one that it refuses. */
function answered(databases: TestHiveOptions['databases'], statement: string): Answer | string {
  if (statement === 'SHOW DATABASES')
    return { names: ['database_name'], rows: Object.keys(databases).map((name) => [name]) };
  const [, listed] = /^SHOW TABLES IN `(\w+)`$/.exec(statement) ?? [];
  if (listed !== undefined)
    return { names: ['tab_name'], rows: Object.keys(databases[listed] ?? {}).map((name) => [name]) };
  const [, list, database = '', name = '', limit] =
    /^(?:DESCRIBE|SELECT (.+) FROM) `(\w+)`\.`(\w+)`(?: LIMIT (\d+))?$/s.exec(statement) ?? [];
  const table = databases[database]?.[name];
  if (table === undefined)
    return `Error while compiling statement: FAILED: SemanticException [Error 10001]: Table not found ${name}`;
  if (list === undefined) {
    const rows = table.columns.map(([column, type]): (string | null)[] => [column, type, '']);
    const partitions = [
      ['', null, null],
      ['# Partition Information', null, null],
      ['day', 'date', ''],
    ];
    return { names: ['col_name', 'data_type', 'comment'], rows: [...rows, ...partitions] };
  }
  const places = [...list.matchAll(/`(\w+)`/g)].map(([, column]) =>
    table.columns.findIndex(([each]) => each === column),
  );
  const rows = table.rows.slice(0, Number(limit)).map((row) => places.map((place) => row[place] ?? null));
  return { names: places.map((_, at) => `c${at}`), rows };
}

/** SASL PLAIN before the service: START with the mechanism, then the credentials; the rest are Thrift's own frames. */
async function guarded(
  port: number,
  { user, password }: { user: string; password: string },
): Promise<Server> {
  const [OK, BAD, COMPLETE] = [2, 3, 5];
  const message = (status: number, text: string) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(status, 0);
    head.writeUInt32BE(Buffer.byteLength(text), 1);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const server = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    const onData = (data: Buffer) => {
      held = Buffer.concat([held, data]);
      while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(1)) {
        const end = 5 + held.readUInt32BE(1);
        const [status, text] = [held[0], held.subarray(5, end).toString()];
        held = held.subarray(end);
        if (status !== OK) continue;
        socket.off('data', onData);
        if (text !== [user, user, password].join('\0')) {
          socket.end(message(BAD, `Error validating the login of ${user} with ${password}`));
          return;
        }
        socket.write(message(COMPLETE, ''));
        const service = connect(port, '127.0.0.1');
        service.on('error', () => socket.destroy());
        socket.on('close', () => service.destroy());
        service.write(held);
        socket.pipe(service).pipe(socket);
        return;
      }
    };
    socket.on('data', onData);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
