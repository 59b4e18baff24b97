/** Forms of times, places, money and codes. */

import { strong, weak } from './form.ts';
import type { Codes, Pattern } from './pattern.ts';

const MONEY =
  /^-?(?:[$€£¥₹] ?\d{1,3}(?:[.,]?\d{3}){0,6}(?:[.,]\d{1,2})?|\d{1,3}(?:[.,]?\d{3}){0,6}(?:[.,]\d{1,2})? ?[$€£¥₹])$/;
const CODED_MONEY = /^(?:([A-Z]{3}) ?-?[\d.,]{1,24}|-?[\d.,]{1,24} ?([A-Z]{3}))$/;
const POSTAL_FORMS = [
  /^\d{5}(?:-\d{4})?$/, // United States, Germany, France, Italy, Spain
  /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/, // United Kingdom
  /^[ABCEGHJ-NPR-TVXY]\d[A-Z] ?\d[A-Z]\d$/, // Canada
  /^\d{4} ?[A-Z]{2}$/, // Netherlands
  /^\d{3}-\d{4}$/, // Japan
  /^\d{2}-\d{3}$/, // Poland
  /^\d{5}-\d{3}$/, // Brazil
];
const PLATE_FORMS = [
  /^[A-Z]{2}\d{2} ?[A-Z]{3}$/, // United Kingdom
  /^[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?$/, // Germany
  /^[A-Z]{2}-\d{3}-[A-Z]{2}$/, // France
  /^\d[A-Z]{3}\d{3}$/, // California
  /^[A-Z]{3}-\d{3,4}$/, // other states
];
const PAIR = /^[[(]?(-?\d{1,2}(?:\.\d{1,15})?)(?:, ?| )(-?\d{1,3}(?:\.\d{1,15})?)[\])]?$/;
const CLOCK = /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?[AP]M)?$/i;
const YES_OR_NO = /^(?:true|false|yes|no|y|n|t|f|0|1)$/i;

export const commonForms = (codes: Codes): Pattern[] => [
  strong('money', 'sum of money with its currency', 'money', [2], (value) => isMoney(value, codes.currency)),
  strong('currency_code', 'currency code', 'currency', [3, 3], (value) => codes.currency.has(value)),
  strong('coordinates', 'latitude and longitude', 'coordinates', [3], isPair),
  strong('country_code', 'country code', 'country_code', [2, 3], (value) =>
    value.length === 2 ? codes.country2.has(value) : codes.country3.has(value),
  ),
  strong('language_code', 'language code', 'language', [2, 5], (value) => isLanguage(value, codes)),
  weak('iso_date', 'date', 'date', [10, 10], isDate),
  weak('iso_datetime', 'date with time of day', 'datetime', [15, 31], isDateTime),
  weak('time_of_day', 'time of day', 'time_of_day', [4, 21], CLOCK),
  weak('year', 'year', 'year', [4, 4], /^(?:1[89]|20)\d\d$/),
  weak('postal_code', 'postal code', 'postal_code', [5, 10], (value) =>
    POSTAL_FORMS.some((form) => form.test(value)),
  ),
  weak('airport', 'airport code', 'airport', [3, 3], /^[A-Z]{3}$/),
  weak('licence_plate', 'licence plate', 'plate', [4, 12], (value) =>
    PLATE_FORMS.some((form) => form.test(value)),
  ),
  weak('latitude', 'decimal degrees up to 90', 'latitude', [5, 20], (value) => isDegrees(value, 90)),
  weak('longitude', 'decimal degrees up to 180', 'longitude', [5, 20], (value) => isDegrees(value, 180)),
  weak('yes_or_no', 'yes or no', 'flag', [1, 5], YES_OR_NO),
  weak('percentage', 'percentage', 'percentage', [2], /^-?\d{1,4}(?:[.,]\d{1,6})? ?%$/),
  weak('icd10', 'ICD-10 code', 'diagnosis_code', [3, 8], /^[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?$/),
];

function isMoney(value: string, currencies: ReadonlySet<string>): boolean {
  if (MONEY.test(value)) return true;
  const [, before, behind] = CODED_MONEY.exec(value) ?? [];
  const code = before ?? behind;
  return code !== undefined && currencies.has(code) && /\d/.test(value);
}

function isPair(value: string): boolean {
  const [, north, east] = PAIR.exec(value) ?? [];
  if (north === undefined || east === undefined) return false;
  return (
    (north.includes('.') || east.includes('.')) &&
    Math.abs(Number(north)) <= 90 &&
    Math.abs(Number(east)) <= 180
  );
}

/** In lower case, a country's code behind it or not: in upper case two letters are a country. */
function isLanguage(value: string, { language, country2 }: Codes): boolean {
  const [, word = '', land] = /^([a-z]{2})(?:[-_]([A-Z]{2}))?$/.exec(value) ?? [];
  return language.has(word) && (land === undefined || country2.has(land));
}

/** Years, months and days that there are. */
function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day));
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isDateTime(value: string): boolean {
  const [, date = '', time = ''] = /^(\d{4}-\d{2}-\d{2})[T ](.{4,20})$/.exec(value) ?? [];
  return isDate(date) && CLOCK.test(time.replace(/(?:Z|[+-]\d{2}:?\d{2})$/, ''));
}

/** At least three places: fewer are a measure of anything. */
const isDegrees = (value: string, most: number): boolean =>
  /^-?\d{1,3}\.\d{3,15}$/.test(value) && Math.abs(Number(value)) <= most;
