/** What a tool sent, in one shape: a tool may yield objects, numbers, text or bytes. */

import type { ToolChunk } from '../proto/generated/tempera/v1/sandbox.ts';

/**
 * A JSON object's own keys, another JSON value under `data`, plain text under `text`, undecodable bytes under
 * `raw_data_base64`; always `is_final` and `_metadata`.
 */
export interface ToolAnswer {
  [key: string]: unknown;
  is_final: boolean;
  _metadata: Record<string, string>;
}

export function decodeToolChunk({ data, isFinal, metadata }: ToolChunk): ToolAnswer {
  return { ...content(data), is_final: isFinal, _metadata: { ...metadata } };
}

function content(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { raw_data_base64: Buffer.from(bytes).toString('base64') };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : { data: value };
  } catch {
    return { text };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
