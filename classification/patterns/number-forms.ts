/** Forms of numbers that an authority, a bank or a maker gives, with their check digits. */

import {
  passesGtin,
  passesIban,
  passesIsbn10,
  passesIsin,
  passesLuhn,
  passesRouting,
  passesVin,
  remainderOf97,
} from './checksums.ts';
import { sought, strong, weak } from './form.ts';
import type { Pattern } from './pattern.ts';

const CARD_BRANDS = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11}$/,
  /^6(?:011|4[4-9]\d|5\d\d)\d{12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14,17}$/,
];
const GROUPED_DIGITS = /^\d(?:[ -]?\d){12,18}$/;
const IBAN_FORM = /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}$/;
const PHONE_SIGNS = /^[+(]?[\d\s().+/-]{7,25}(?: ?(?:x|ext\.?) ?\d{1,6})?$/i;

export const numberForms = (): Pattern[] => [
  sought('card', 'payment card number', 'card', [13, 37], isCard),
  sought('iban', 'IBAN', 'iban', [15, 64], isIban),
  sought('ssn', 'US social security number', 'ssn', [11, 11], isSocialSecurity),
  strong(
    'isin',
    'ISIN',
    'isin',
    [12, 12],
    (value) => /^[A-Z]{2}[A-Z0-9]{9}\d$/.test(value) && passesIsin(value),
  ),
  strong('lei', 'LEI', 'lei', [20, 20], (value) => /^[A-Z0-9]{18}\d\d$/.test(value) && isLei(value)),
  strong('isbn', 'ISBN', 'isbn', [9, 17], isIsbn),
  weak(
    'gtin',
    'number of a barcode',
    'gtin',
    [8, 14],
    (value) => /^(?:\d{8}|\d{12,14})$/.test(value) && passesGtin(value),
  ),
  weak('imei', 'IMEI', 'imei', [15, 15], (value) => /^\d{15}$/.test(value) && passesLuhn(value)),
  weak(
    'routing',
    'US routing number',
    'routing',
    [9, 9],
    (value) => /^\d{9}$/.test(value) && passesRouting(value),
  ),
  weak('vin', 'vehicle identification number', 'vin', [17, 17], isVin),
  weak('phone', 'phone number', 'phone', [7], isPhone),
  weak('bic', 'BIC', 'bic', [8, 11], /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/),
  weak('drug_code', 'drug code', 'drug_code', [10, 13], /^\d{4,5}-\d{3,4}-\d{1,2}$/),
];

function isCard(value: string): boolean {
  if (!GROUPED_DIGITS.test(value)) return false;
  const digits = value.replace(/[ -]/g, '');
  return CARD_BRANDS.some((brand) => brand.test(digits)) && passesLuhn(digits);
}

function isIban(value: string): boolean {
  if (!IBAN_FORM.test(value)) return false;
  return passesIban(value.replaceAll(' ', ''));
}

/** With its hyphens: nine bare digits may be anything. */
function isSocialSecurity(value: string): boolean {
  const [, area = '', group = '', serial = ''] = /^(\d{3})-(\d{2})-(\d{4})$/.exec(value) ?? [];
  return area !== '' && !/^(?:000|666|9..)$/.test(area) && group !== '00' && serial !== '0000';
}

const isLei = (value: string): boolean => /[A-Z]/.test(value) && remainderOf97(value) === 1;

function isIsbn(value: string): boolean {
  if (!/^\d(?:[\dX -]){8,16}$/.test(value)) return false;
  const plain = value.replace(/[ -]/g, '');
  if (/^97[89]\d{10}$/.test(plain)) return passesGtin(plain);
  // ten bare digits may be anything; with hyphens, or an X at the end, they are a book's
  return /^\d{9}[\dX]$/.test(plain) && (plain !== value || plain.endsWith('X')) && passesIsbn10(plain);
}

const isVin = (value: string): boolean =>
  /^[A-HJ-NPR-Z0-9]{17}$/.test(value) && /[A-Z]/.test(value) && passesVin(value);

function isPhone(value: string): boolean {
  if (!PHONE_SIGNS.test(value)) return false;
  const digits = value.replace(/(?:x|ext).*/i, '').replace(/\D/g, '').length;
  // bare digits are a number's; a date has two hyphens too
  const hasSigns = /^\+|^\(|\d[ ./-]\d/.test(value);
  return (
    hasSigns && digits >= 7 && digits <= 15 && !/^\d{4}-\d\d-\d\d/.test(value) && !/^\d+\.\d+$/.test(value)
  );
}
