/** Forms of networks, programs and keys. */

import { sought, strong, weak } from './form.ts';
import type { Pattern } from './pattern.ts';

const EMAIL =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}$/;
const URL_FORM = /^(?:https?|ftp|ftps|wss?):\/\/[^\s/?#]{1,255}(?:[/?#]\S*)?$/i;
const WWW = /^www\.[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?:[/?#]\S*)?$/i;
const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const MAC = /^(?:[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/i;
const BCRYPT = /^\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}$/;
const OTHER_PASSWORD_HASH = /^\$(?:argon2(?:id|i|d)|scrypt|pbkdf2-sha256|[156])\$[^\s]{20,}$/;
const JWT = /^eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}$/;
const API_KEY =
  /^(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|sk-[\w-]{20,}|xox[abps]-[\w-]{10,}|sk_live_\w{16,})$/;
const SSH_KEY = /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3}) [A-Za-z0-9+/]{32,}={0,2}(?: .*)?$/;
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;
const SEMVER =
  /^v?(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const MIME = /^(?:application|audio|font|image|message|model|multipart|text|video)\/[\w.+-]{1,100}$/;
const DOMAIN =
  /^(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|edu|gov|io|co|info|dev|app|biz|eu|de|fr|uk|us|nl|it|es|jp|cn|in)$/i;
const FILE_PATH = /^(?:~?\/|[A-Za-z]:\\|\\\\)(?:[^\s/\\:*?"<>|]+[/\\]){1,40}[^/\\:*?"<>|]*$/;

export const internetForms = (): Pattern[] => [
  sought('email', 'e-mail address', 'email', [6], isEmail),
  sought('url', 'web address', 'url', [6], (value) => URL_FORM.test(value) || WWW.test(value)),
  sought('ipv4', 'IPv4 address', 'ip', [7, 18], isIpv4),
  sought('ipv6', 'IPv6 address', 'ip', [2, 45], isIpv6),
  sought('mac', 'network card address', 'mac', [14, 17], MAC),
  sought('uuid', 'UUID', 'uuid', [36, 38], UUID),
  sought(
    'bcrypt',
    'password hash',
    'bcrypt',
    [23],
    (value) => BCRYPT.test(value) || OTHER_PASSWORD_HASH.test(value),
  ),
  sought('jwt', 'JSON web token', 'token', [38], JWT),
  sought('api_key', 'API key', 'token', [15], API_KEY),
  sought('eth_address', 'Ethereum address', 'crypto_address', [42, 42], /^0x[0-9a-f]{40}$/i),
  strong('ssh_key', 'SSH public key', 'public_key', [40], SSH_KEY),
  strong('certificate', 'certificate', 'certificate', [27], (value) =>
    value.startsWith('-----BEGIN CERTIFICATE-----'),
  ),
  strong('private_key', 'private key', 'private_key', [27], (value) =>
    /^-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/.test(value),
  ),
  strong('semver', 'semantic version', 'semver', [5], SEMVER),
  strong('mime_type', 'media type', 'mime', [6], MIME),
  strong('user_agent', 'user agent of a browser', 'user_agent', [6], (value) =>
    /^(?:Mozilla|Opera|curl|okhttp)\/\d/.test(value),
  ),
  strong('file_path', 'file path', 'file_path', [3], FILE_PATH),
  strong('colour_code', 'colour by its parts', 'colour_code', [7, 9], /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i),
  weak('hash', 'hexadecimal digest', 'hash', [32, 128], HASH),
  weak('domain', 'domain name', 'domain', [4], DOMAIN),
];

function isEmail(value: string): boolean {
  if (!value.includes('@') || !EMAIL.test(value)) return false;
  return !value.includes('..') && !value.startsWith('.') && !value.includes('.@');
}

/** With a prefix. */
const LONGEST_IPV4 = 18;

function isIpv4(value: string): boolean {
  if (value.length > LONGEST_IPV4 || !value.includes('.')) return false;
  const [address = '', prefix, ...more] = value.split('/', 3);
  const parts = address.split('.', 5);
  return (
    parts.length === 4 &&
    more.length === 0 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255) &&
    (prefix === undefined || (/^\d{1,2}$/.test(prefix) && Number(prefix) <= 32))
  );
}

function isIpv6(value: string): boolean {
  if (value.length > 45 || !value.includes(':') || !/^[0-9a-f:.]*$/i.test(value)) return false;
  const halves = value.split('::', 3);
  if (halves.length > 2 || value.includes(':::')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isMapped = last.includes('.') && isIpv4(last);
  const plain = isMapped ? groups.slice(0, -1) : groups;
  const count = groups.length + (isMapped ? 1 : 0);
  return (
    plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? count < 8 && count > 0 : count === 8)
  );
}
