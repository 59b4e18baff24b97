/** The settings of the provider `modal`: its token, what a sandbox there is given, and the host's own certificate. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TemperaError } from '../core/errors.ts';
import type { ModalSettings } from '../core/sandbox-hosts.ts';
import { checkDates, content, fits, parsed, refused, sandboxTls } from './sandbox-tls.ts';
import type { Config } from './schema.ts';

/** Longest life of a sandbox at Modal, in seconds. */
const MOST_SECONDS = 86_400;
/** As Modal writes them: a kind, perhaps with `!` or `+`, perhaps with how many. */
const GPU = /^([A-Za-z][A-Za-z0-9-]*[!+]?)(:[1-8])?$/;
/** Kinds that Modal's documentation names; others are left to Modal to judge. */
const KNOWN_GPUS = [
  ...['T4', 'L4', 'A10', 'A10G', 'L40S', 'A100', 'A100-40GB', 'A100-80GB', 'RTX-PRO-6000'],
  ...['H100', 'H100!', 'H200', 'B200', 'B200+'],
];
const NAME = /^[\w.-]{1,63}$/;
const MAKE = '`tempera sandbox certificates ./certificates tempera-modal` makes it.';

/** @throws TemperaError INVALID_INPUT that names the setting which is missing or wrong, without its value if secret */
export function modalSettings(config: Config, now = new Date()): ModalSettings {
  const { sandbox } = config;
  const { modal } = sandbox;
  const account = 'Modal asks for it; make one at modal.com, Settings, API tokens.';
  const { hostCertificateFile, hostKeyFile, ...rest } = modal;
  checkShapes(modal);
  if (modal.image === null && !existsSync(join(config.root, 'sandbox', 'tempera_sandbox'))) {
    throw refused('MODAL_IMAGE', 'is not set, and the host’s sources are not here to build one from.');
  }
  return {
    ...rest,
    tokenId: needed(modal.tokenId, 'MODAL_TOKEN_ID', account),
    tokenSecret: needed(modal.tokenSecret, 'MODAL_TOKEN_SECRET', account),
    sourceFolder: join(config.root, 'sandbox'),
    host: {
      token: hostToken(sandbox.token),
      policy: sandbox.isolation,
      slots: sandbox.slots,
      detachedGraceSeconds: config.timing.detachedGraceSeconds,
      ...hostTls(config, now),
    },
  };
}

/** What keeps a Modal sandbox from being started; null when nothing does that can be seen from here. */
export function modalProblem(config: Config): string | null {
  try {
    modalSettings(config);
    return null;
  } catch (error) {
    if (error instanceof TemperaError) return error.message;
    throw error;
  }
}

/** A sentence where the kind of GPU is none that is known here; Modal may have it all the same. */
export function unknownGpu({ sandbox }: Pick<Config, 'sandbox'>): string | null {
  const kind = sandbox.modal.gpu?.split(':')[0]?.toUpperCase();
  return kind === undefined || KNOWN_GPUS.includes(kind)
    ? null
    : `MODAL_GPU names the kind ${kind}, which is not known here: ${KNOWN_GPUS.join(', ')}.`;
}

function checkShapes(modal: Config['sandbox']['modal']): void {
  const { gpu, timeoutSeconds, serverUrl, cpu } = modal;
  if (gpu !== null && !GPU.test(gpu)) {
    throw refused('MODAL_GPU', `is "${gpu}": write a kind and how many, such as L4, A100-80GB or H100:2.`);
  }
  if (timeoutSeconds > MOST_SECONDS) {
    throw refused(
      'MODAL_TIMEOUT_SECONDS',
      `is ${timeoutSeconds}: Modal ends a sandbox after ${MOST_SECONDS}.`,
    );
  }
  if (cpu <= 0) throw refused('MODAL_CPU', 'must be above 0.');
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : null;
  const isLocal = url !== null && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(isLocal && url?.protocol === 'http:')) {
    throw refused('MODAL_SERVER_URL', 'must begin with https://: the token would travel in plain text.');
  }
  for (const [variable, name] of [
    ['MODAL_APP', modal.app],
    ['MODAL_SANDBOX_NAME', modal.name],
    ['MODAL_VOLUME', modal.volume],
  ] as const) {
    if (name !== null && !NAME.test(name)) {
      throw refused(
        variable,
        `is "${name}": letters, digits, dashes, periods and underscores, fewer than 64.`,
      );
    }
  }
}

/** Without a client certificate anybody who finds the tunnel could knock; so mutual TLS is asked for here too. */
function hostTls(config: Config, now: Date): Pick<ModalSettings['host'], 'certificate' | 'key' | 'tls'> {
  const { hostCertificateFile, hostKeyFile } = config.sandbox.modal;
  const tls = sandboxTls(config, now);
  if (tls === null) {
    const names = 'SANDBOX_TLS_AUTHORITY, SANDBOX_TLS_CERTIFICATE and SANDBOX_TLS_KEY';
    throw refused(names, `are not set: the host at Modal is called by mutual TLS. ${MAKE}`);
  }
  const file = needed(hostCertificateFile, 'MODAL_HOST_CERTIFICATE', MAKE);
  const keyFile = needed(hostKeyFile, 'MODAL_HOST_KEY', MAKE);
  const certificate = content(file, 'MODAL_HOST_CERTIFICATE');
  const key = content(keyFile, 'MODAL_HOST_KEY');
  const read = parsed(certificate, file, 'MODAL_HOST_CERTIFICATE');
  checkDates(read, 'MODAL_HOST_CERTIFICATE', now);
  if (!fits(read, key)) throw refused('MODAL_HOST_KEY', `names ${keyFile}, which is not the key of ${file}.`);
  // a tunnel's address is known only once it is there, so the certificate is made out to a name of its own
  const name = /(?:^|, )DNS:([^,]+)/.exec(read.subjectAltName ?? '')?.[1];
  const serverName = tls.serverName ?? name ?? null;
  if (serverName === null) {
    throw refused('MODAL_HOST_CERTIFICATE', `names ${file}, which is made out to no name. ${MAKE}`);
  }
  return { certificate, key, tls: { ...tls, serverName } };
}

function hostToken(token: string | null): string {
  const found = needed(token, 'SANDBOX_TOKEN', 'Set one of 16 letters or more; the host is started with it.');
  if (found.length < 16) throw refused('SANDBOX_TOKEN', 'must hold 16 letters or more.');
  return found;
}

function needed(value: string | null, variable: string, remedy: string): string {
  if (value === null) throw refused(variable, `is not set. ${remedy}`);
  return value;
}
