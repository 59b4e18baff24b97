/** Made identifiers with right check digits. None is anybody's: what is drawn is drawn at random. */

import {
  passesGtin,
  passesIsin,
  passesLuhn,
  passesRouting,
  passesVin,
  remainderOf97,
} from '../../patterns/checksums.ts';
import type { Draws } from './draws.ts';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const HEX = [...'0123456789abcdef'];
const TEXT = [...LETTERS, ...LETTERS.map((letter) => letter.toLowerCase()), ...'0123456789'];
const VIN_SIGNS = [...'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'];

const signs = (draws: Draws, alphabet: readonly string[], count: number): string =>
  Array.from({ length: count }, () => draws.oneOf(alphabet)).join('');
const digits = (draws: Draws, count: number): string => signs(draws, [...'0123456789'], count);
const hexadecimal = (draws: Draws, count: number): string => signs(draws, HEX, count);

/** The text with the one last digit that its check allows. */
function checked(text: string, passes: (whole: string) => boolean): string {
  const last = [...'0123456789'].find((digit) => passes(text + digit));
  if (last === undefined) throw new Error(`No digit checks ${text}.`);
  return text + last;
}

/** Two digits by ISO 7064, mod 97-10, behind a text in which they are 00 now. */
const twoDigits = (text: string): string => String(98 - remainderOf97(text)).padStart(2, '0');

function iban(draws: Draws): string {
  const account = digits(draws, 18);
  return `DE${twoDigits(`${account}DE00`)}${account}`;
}

function lei(draws: Draws): string {
  const text = `${digits(draws, 4)}00${signs(draws, [...LETTERS, ...'0123456789'], 12)}`;
  return text + twoDigits(`${text}00`);
}

/** The ninth sign is the check; drawn again until it fits. */
function vin(draws: Draws): string {
  for (;;) {
    const found = signs(draws, VIN_SIGNS, 17);
    if (passesVin(found)) return found;
  }
}

const uuid = (draws: Draws): string => [8, 4, 4, 4, 12].map((count) => hexadecimal(draws, count)).join('-');
const inGroups = (text: string, size: number, between: string): string =>
  (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(between);

export const IDENTIFIERS: Readonly<Record<string, (draws: Draws) => string>> = {
  ssn: (draws) => `${draws.whole(101, 665)}-${draws.whole(10, 99)}-${draws.whole(1000, 9999)}`,
  card: (draws) => checked(`${draws.oneOf(['4', '51', '53'])}${digits(draws, 15)}`.slice(0, 15), passesLuhn),
  imei: (draws) => checked(`35${digits(draws, 12)}`, passesLuhn),
  gtin: (draws) => checked(`40${digits(draws, 10)}`, passesGtin),
  isin: (draws) => checked(`US${digits(draws, 9)}`, passesIsin),
  routing: (draws) => checked(`0${draws.whole(1, 9)}${digits(draws, 6)}`, passesRouting),
  ...{ iban, lei, vin, uuid },
  ipv4: (draws) => Array.from({ length: 4 }, () => draws.whole(1, 254)).join('.'),
  ipv6: (draws) => Array.from({ length: 8 }, () => `${draws.whole(1, 9)}${hexadecimal(draws, 3)}`).join(':'),
  mac: (draws) => inGroups(hexadecimal(draws, 12), 2, ':'),
  mac_dash: (draws) => inGroups(hexadecimal(draws, 12).toUpperCase(), 2, '-'),
  md5: (draws) => hexadecimal(draws, 32),
  sha256: (draws) => hexadecimal(draws, 64),
  ethereum: (draws) => `0x${hexadecimal(draws, 40)}`,
  bcrypt: (draws) => `$2b$12$${signs(draws, TEXT, 53)}`,
  token: (draws) => `eyJ${signs(draws, TEXT, 20)}.eyJ${signs(draws, TEXT, 40)}.${signs(draws, TEXT, 43)}`,
  github: (draws) => `ghp_${signs(draws, TEXT, 36)}`,
};
