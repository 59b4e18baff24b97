/** The addresses that a process needs once every part runs, embedded or not. */

import { TemperaError } from '../core/errors.ts';
import type { HostTls, ModalSettings } from '../core/sandbox-hosts.ts';
import { modalSettings } from './sandbox-modal.ts';
import { sandboxAddresses, sandboxTls } from './sandbox-tls.ts';
import type { Config } from './schema.ts';

export interface ConnectedParts {
  databaseUrl: string;
  temporalAddress: string;
  s3: { endpoint: string; region: string; bucket: string; accessKey: string; secretKey: string };
  /** `tls` is null for hosts that are called in plain text, on loopback. */
  sandbox: {
    addresses: string[];
    token: string;
    tls: HostTls | null;
    provider: Config['sandbox']['provider'];
    /** Null for hosts that have addresses. */
    modal: ModalSettings | null;
  };
}

/**
 * Throws INVALID_INPUT that names the variable when a part has no address: the supervisor sets them for its
 * children.
 */
export function connectedParts(config: Config): ConnectedParts {
  const { s3, sandbox } = config;
  return {
    databaseUrl: needed(config.database.url, 'DATABASE_URL'),
    temporalAddress: needed(config.temporal.address, 'TEMPORAL_ADDRESS'),
    s3: {
      endpoint: needed(s3.endpoint, 'S3_ENDPOINT'),
      region: s3.region,
      bucket: s3.bucket,
      accessKey: needed(s3.accessKey, 'S3_ACCESS_KEY'),
      secretKey: needed(s3.secretKey, 'S3_SECRET_KEY'),
    },
    sandbox: sandbox.provider === 'modal' ? modalPart(config) : listedPart(config),
  };
}

function listedPart(config: Config): ConnectedParts['sandbox'] {
  const { sandbox } = config;
  return {
    addresses: sandboxAddresses(needed(sandbox.address, 'SANDBOX_ADDRESS')),
    token: needed(sandbox.token, 'SANDBOX_TOKEN'),
    tls: sandboxTls(config),
    provider: sandbox.provider,
    modal: null,
  };
}

/** Its address is found at run time. */
function modalPart(config: Config): ConnectedParts['sandbox'] {
  const modal = modalSettings(config);
  return { addresses: [], token: modal.host.token, tls: modal.host.tls, provider: 'modal', modal };
}

function needed(value: string | null, variable: string): string {
  if (value === null) {
    throw new TemperaError(
      'INVALID_INPUT',
      `${variable} is not set: start this process through \`npm start\`, which sets it, or ` +
        'give the address of a running part.',
      { details: { variable } },
    );
  }
  return value;
}
