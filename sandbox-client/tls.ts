/** Mutual TLS with a sandbox host, and the reason in words when it does not come about. */

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import type { HostTls } from '../core/sandbox-hosts.ts';

const ANSWER_TIMEOUT_MS = 2_000;
const ENDED = 'the host ended the connection';

/** What is wrong, by the code of the error. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /CERT_HAS_EXPIRED/,
    'the host’s certificate has expired. Make a new one (`tempera sandbox certificates`) and restart the host.',
  ],
  [
    /CERT_NOT_YET_VALID/,
    'the host’s certificate is not valid yet: compare the clocks of this machine and the host.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_SIGNATURE|CERT_UNTRUSTED/,
    'the host’s certificate is not signed by the authority in SANDBOX_TLS_AUTHORITY.',
  ],
  [
    /ERR_TLS_CERT_ALTNAME/,
    'the host’s certificate is made out to another name. Make one for this address, or set SANDBOX_TLS_SERVER_NAME.',
  ],
  [
    /WRONG_VERSION_NUMBER|wrong version number|packet length too long/i,
    'the host speaks plain text. Start it with its --tls options, or unset ' +
      'SANDBOX_TLS_AUTHORITY for a host on loopback.',
  ],
  [/ECONNREFUSED/, 'nobody listens there. Start the host, or mend SANDBOX_ADDRESS.'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name is not known. Mend SANDBOX_ADDRESS.'],
];

/** Credentials and options of a channel to a host. */
export function channelSecurity(tls: HostTls | null): [ChannelCredentials, ChannelOptions] {
  if (tls === null) return [credentials.createInsecure(), {}];
  const { authority, key, certificate, serverName } = tls;
  const named =
    serverName === null
      ? {}
      : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName };
  return [credentials.createSsl(authority, key, certificate), named];
}

/** Why no TLS connection comes about, in a sentence with what mends it; null when one does. */
export async function explainTls(address: string, tls: HostTls): Promise<string | null> {
  const found = await tlsProblem(address, tls);
  if (found === null) return null;
  const known = found === ENDED ? verdictOn(tls) : REASONS.find(([pattern]) => pattern.test(found))?.[1];
  return `${address}: ${known ?? `no TLS connection (${found}).`}`;
}

/** A host that ends the connection in place of greeting does so for our certificate, and does not say why. */
function verdictOn({ certificate }: HostTls): string {
  if (certificate === null) {
    return 'the host asks for a certificate and got none. Set SANDBOX_TLS_CERTIFICATE and SANDBOX_TLS_KEY.';
  }
  const { validTo } = new X509Certificate(certificate);
  return new Date(validTo) < new Date()
    ? `the host refuses our certificate: it has expired on ${validTo}. Make a new one for SANDBOX_TLS_CERTIFICATE.`
    : 'the host refuses our certificate: its --tls-client-authority has not signed SANDBOX_TLS_CERTIFICATE.';
}

/** The host judges our certificate only after our side of the handshake, so its first line of HTTP/2 is waited for. */
function tlsProblem(address: string, tls: HostTls): Promise<string | null> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  const name = tls.serverName ?? host;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(address.slice(at + 1)),
      ca: tls.authority,
      ...(tls.certificate && tls.key ? { cert: tls.certificate, key: tls.key } : {}),
      ALPNProtocols: ['h2'],
      // a certificate is checked against the name or the address, but only a name may be asked for
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    const settle = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => settle('no answer'));
    socket.once('data', () => settle(null));
    socket.once('end', () => settle(ENDED));
    socket.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      settle(code === 'ECONNRESET' ? ENDED : `${code} ${error.message}`);
    });
  });
}
