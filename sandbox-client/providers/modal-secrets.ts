/** What of the settings of the provider `modal` must never be told. */

import type { ModalSettings } from '../../core/sandbox-hosts.ts';

/** Every secret in the settings, as text that no log and no error may hold. */
export function secretsOf({ tokenSecret, host }: ModalSettings): string[] {
  return [tokenSecret, host.token, host.key.toString().trim()].filter((secret) => secret !== '');
}

/** `text` without the secrets. */
export const redacted = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
