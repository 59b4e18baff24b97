/**
 * grpc.reflection: by it grpcurl and its like discover the services. It tells the descriptors of our .proto files,
 * which
 * are public, and answers in v1 and v1alpha, whose messages are the same on the wire.
 */

import { fromBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type ServerDuplexStream, type ServiceDefinition, status } from '@grpc/grpc-js';
import { FILE_DESCRIPTOR_SET } from '../../proto/generated/descriptors.ts';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  type ServerReflectionServer,
  ServerReflectionService,
} from '../../proto/generated/grpc/reflection/v1/reflection.ts';

type Answer = ServerReflectionResponse['messageResponse'];
type Call = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;

const LONGEST_SHOWN = 200;
/** Field of google.protobuf.FileDescriptorSet, as a tag on the wire. */
const FILE_TAG = 0x0a;

/** The service as older clients ask for it. */
export const REFLECTION_V1ALPHA: ServiceDefinition = Object.fromEntries(
  Object.entries(ServerReflectionService).map(([name, method]) => [
    name,
    { ...method, path: method.path.replace('.v1.', '.v1alpha.') },
  ]),
);

/** @param services full names of what else is served */
export function reflectionService(services: readonly string[]): ServerReflectionServer {
  const files = describedFiles();
  const answerTo = (request: ServerReflectionRequest): Answer => {
    const asked = request.messageRequest;
    switch (asked?.$case) {
      case 'listServices':
        return { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } };
      case 'fileByFilename':
        return files.withImports(asked.value);
      case 'fileContainingSymbol':
        return files.withImports(files.nameOf(asked.value) ?? asked.value);
      default:
        return refusal(status.UNIMPLEMENTED, 'There are no extensions here.');
    }
  };
  return {
    serverReflectionInfo(call: Call) {
      call.on('data', (request: ServerReflectionRequest) => {
        call.write({ validHost: request.host, originalRequest: request, messageResponse: answerTo(request) });
      });
      call.on('end', () => call.end());
    },
  };
}

const refusal = (errorCode: number, errorMessage: string): Answer => ({
  $case: 'errorResponse',
  value: { errorCode, errorMessage },
});

/** Our files by name, each with its bytes as they are, and what each symbol is declared in. */
function describedFiles() {
  const bytes = Buffer.from(FILE_DESCRIPTOR_SET, 'base64');
  const { file } = fromBinary(FileDescriptorSetSchema, bytes);
  const pieces = piecesOf(bytes);
  const byName = new Map(file.map((each, at) => [each.name, { ...each, bytes: pieces[at] ?? Buffer.of() }]));
  const symbols = new Map<string, string>();
  for (const each of file) {
    const within = (name: string) => (each.package === '' ? name : `${each.package}.${name}`);
    const add = (name: string) => symbols.set(within(name), each.name);
    for (const message of each.messageType) addMessage(message, '', add);
    for (const { name } of each.enumType) add(name);
    for (const { name, method } of each.service) {
      add(name);
      for (const one of method) add(`${name}.${one.name}`);
    }
  }
  return {
    nameOf: (symbol: string) => symbols.get(symbol),
    /** The file first, then all that it imports: a client asks no second time. */
    withImports(name: string): Answer {
      const found = new Set<string>();
      const visit = (each: string): void => {
        if (found.has(each)) return;
        found.add(each);
        byName.get(each)?.dependency.forEach(visit);
      };
      visit(name);
      const known = [...found].flatMap((each) => byName.get(each)?.bytes ?? []);
      if (!byName.has(name))
        return refusal(status.NOT_FOUND, `There is no [${name.slice(0, LONGEST_SHOWN)}] here.`);
      return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: known } };
    },
  };
}

function addMessage(message: DescriptorProto, prefix: string, add: (name: string) => void): void {
  const name = `${prefix}${message.name}`;
  add(name);
  for (const { name: own } of message.enumType) add(`${name}.${own}`);
  for (const nested of message.nestedType) addMessage(nested, `${name}.`, add);
}

/** The bytes of each file in a set: encoded again they could lose options that we do not know. */
function piecesOf(set: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < set.length; ) {
    if (set[at] !== FILE_TAG)
      throw new Error('The file descriptors are damaged; run npm run proto -- --force.');
    let length = 0;
    let shift = 0;
    for (at += 1; ; at += 1) {
      const part = set[at] ?? 0;
      length |= (part & 0x7f) << shift;
      shift += 7;
      if (part < 0x80) break;
    }
    pieces.push(set.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return pieces;
}
