/**
 * Reads google.rpc.ErrorInfo from a status's details (field numbers as in google/rpc/status.proto and
 * error_details.proto). These three messages are all that is read, so they are decoded from the wire directly.
 */

import { BinaryReader } from '@bufbuild/protobuf/wire';

export interface ErrorInfo {
  reason: string;
  metadata: Record<string, string>;
}

/** @param status bytes of google.rpc.Status; @returns null when it holds no ErrorInfo */
export function errorInfoOf(status: Uint8Array): ErrorInfo | null {
  let found: ErrorInfo | null = null;
  fields(status, (number, reader) => {
    if (number !== 3) return false;
    // read before it is asked whether one is found: what is not read would be taken for the next field
    const any = reader.bytes();
    found ??= fromAny(any);
    return true;
  });
  return found;
}

function fromAny(any: Uint8Array): ErrorInfo | null {
  let type = '';
  let value: Uint8Array = new Uint8Array();
  fields(any, (number, reader) => {
    if (number === 1) type = reader.string();
    else if (number === 2) value = reader.bytes();
    else return false;
    return true;
  });
  return type.endsWith('/google.rpc.ErrorInfo') ? toErrorInfo(value) : null;
}

function toErrorInfo(bytes: Uint8Array): ErrorInfo {
  const info: ErrorInfo = { reason: '', metadata: {} };
  fields(bytes, (number, reader) => {
    if (number === 1) info.reason = reader.string();
    else if (number === 3) Object.assign(info.metadata, toEntry(reader.bytes()));
    else return false;
    return true;
  });
  return info;
}

function toEntry(bytes: Uint8Array): Record<string, string> {
  let key = '';
  let value = '';
  fields(bytes, (number, reader) => {
    if (number === 1) key = reader.string();
    else if (number === 2) value = reader.string();
    else return false;
    return true;
  });
  return { [key]: value };
}

/** Walks a message's fields; `take` reads a field that it knows and says so. */
function fields(bytes: Uint8Array, take: (number: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (!take(number, reader)) reader.skip(wireType, number);
  }
}
