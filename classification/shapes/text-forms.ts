/** Forms of values beyond those of the pattern library: much looks a little so, little looks so in every value. */

export interface TextForm {
  meaning: string;
  /** For people. */
  title: string;
  /** What it gives at most, where every value has the form. */
  strength: number;
  matches(value: string): boolean;
}

const MONTHS = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const CLOCK =
  '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt|[+-]\\d{2}:?\\d{2}))?';
const DAYS = [
  '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
  '\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})',
  `\\d{1,2}[ -]${MONTHS}[ -](?:\\d{4}|\\d{2})`,
  `${MONTHS} \\d{1,2},? \\d{4}`,
  '(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])',
].join('|');
const MONTH = new RegExp(
  `^(?:(?:19|20)\\d{2}[-/](?:0[1-9]|1[0-2])|${MONTHS}[ ,-]{0,2}(?:19|20)?\\d{2})$`,
  'i',
);
const DATE = new RegExp(`^(?:${DAYS})$`, 'i');
const MOMENT = new RegExp(`^(?:${DAYS})(?:t| |, )${CLOCK}$`, 'i');

/** Parts between hyphens or dots, one of them with a digit. */
const HOST = /^(?=\S*\d)(?=\S{6})[a-z][a-z0-9]{1,20}(?:[-.][a-z0-9]{1,30}){1,6}$/;
const STATUS = /^(?:10[0-3]|20[0-8]|226|30[0-478]|4(?:0\d|1[0-8]|2[1-689]|31|51)|5(?:0[0-8]|1[01]))$/;
const PORTS = [
  22, 53, 80, 110, 123, 143, 389, 443, 465, 587, 636, 993, 995, 1433, 1521, 2049, 3000, 3306, 3389, 5000,
];
const MORE_PORTS = [5432, 5672, 6379, 8000, 8080, 8443, 9000, 9092, 9200, 27_017];
const PORT = new RegExp(`^(?:${[...PORTS, ...MORE_PORTS].join('|')})$`);
const AGE_FROM = '\\d{2} ?(?:\\+|(?:and|or) (?:over|older|above|more))';
const AGE_TO = '(?:under|over|above|below|<=?|>=?|≥|≤) ?\\d{2}';
const AGE_FROM_OR_TO = new RegExp(`^(?:${AGE_TO}|${AGE_FROM})$`, 'i');

/** Years from one to another: two ages, few years apart. */
function isAgeGroup(value: string): boolean {
  const [, low, high] =
    /^(?:aged? )?(\d{1,2}) ?(?:-|–|to) ?(\d{1,3})(?: (?:years?|yrs?))?$/i.exec(value) ?? [];
  if (low === undefined || high === undefined) return AGE_FROM_OR_TO.test(value);
  const years = Number(high) - Number(low);
  return years >= 2 && years <= 25 && Number(high) <= 120;
}

const form = (...[meaning, title, strength, matches]: FormWords): TextForm => ({
  ...{ meaning, title, strength },
  matches: typeof matches === 'function' ? matches : (value) => matches.test(value),
});
type FormWords = [string, string, number, RegExp | ((value: string) => boolean)];

/** Sentences, not names: several words, most of them in small letters. */
function isSentence(value: string): boolean {
  const words = value.split(/\s+/);
  return words.length >= 5 && words.filter((word) => /^\p{Ll}/u.test(word)).length >= words.length / 2;
}

/** 2001/02 and 2001-2002. */
function isSeason(value: string): boolean {
  const [, first, next] = /^((?:19|20)\d{2}) ?[-/–] ?((?:19|20)?\d{2})$/.exec(value) ?? [];
  return first !== undefined && next !== undefined && (Number(first) + 1) % 100 === Number(next) % 100;
}

/** Upper pressure over lower pressure. */
function isPressure(value: string): boolean {
  const [, upper, lower] = /^(\d{2,3})\/(\d{2,3})(?: ?mmhg)?$/i.exec(value) ?? [];
  return upper !== undefined && Number(upper) > Number(lower) && Number(upper) < 260 && Number(lower) > 30;
}

export const isDate = (value: string): boolean => DATE.test(value);
export const isMoment = (value: string): boolean => MOMENT.test(value);

export const TEXT_FORMS: readonly TextForm[] = [
  form('phone', 'phone numbers with their signs', 0.6, (value) => isPhone(value) && !DATE.test(value)),
  form('age', 'groups of ages', 0.5, isAgeGroup),
  form(
    'quarter',
    'quarters of years',
    0.7,
    /^(?:Q[1-4][ /-]?'?(?:(?:19|20)?\d{2})?|(?:19|20)\d{2}[ /-]?Q[1-4])$/i,
  ),
  form('month', 'months of years', 0.55, (value) => MONTH.test(value)),
  form('year', 'years that begin in one and end in the next', 0.55, isSeason),
  form('blood_pressure', 'two pressures of blood', 0.65, isPressure),
  form('card_expiry', 'month and year of a card', 0.6, /^(?:0[1-9]|1[0-2])\/(?:\d{2}|20\d{2})$/),
  form('description', 'sentences', 0.55, isSentence),
  form(
    'title',
    'headings',
    0.3,
    (value) => /^\p{Lu}/u.test(value) && isSentence(value) && !/[.!?]$/.test(value),
  ),
  form(
    'file_name',
    'names of files',
    0.65,
    /^[^\s/\\:]{1,80}(?: [^\s/\\:]{1,40}){0,4}\.(?!com|org|net)[a-z]{1,4}\d?$/i,
  ),
  form('host_name', 'names of machines', 0.6, HOST),
  form('status_code', 'what web servers answer', 0.6, STATUS),
  form('port', 'ports that programs are known to listen at', 0.5, PORT),
  form('social_handle', 'names in social networks', 0.6, /^@\w{2,30}$/),
  form('percentage', 'parts of a hundred', 0.6, /^-?\d{1,3}(?:[.,]\d{1,4})? ?%$/),
  form('weight', 'weights with their unit', 0.6, /^\d{1,6}(?:[.,]\d{1,3})? ?(?:kg|g|mg|lbs?|oz|t|tons?)$/i),
  form('length', 'lengths with their unit', 0.55, /^\d{1,6}(?:[.,]\d{1,3})? ?(?:cm|mm|m|km|ft|in|inch|")$/i),
  form(
    'duration',
    'times with their unit',
    0.6,
    /^\d{1,6}(?:[.,]\d{1,3})? ?(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?)$/i,
  ),
  form(
    'file_size',
    'sizes of files with their unit',
    0.65,
    /^\d{1,6}(?:[.,]\d{1,3})? ?(?:b|bytes|[kmgt]i?b)$/i,
  ),
  form(
    'body_temperature',
    'temperatures of a body',
    0.5,
    /^(?:3[4-9]|4[0-2]|9\d|10\d)(?:[.,]\d{1,2})? ?°? ?[cf]$/i,
  ),
  form(
    'address',
    'whole addresses',
    0.6,
    /^(?=.*\d)[^,\n]{3,60}[,\n] ?[^,\n]{2,60}(?:[,\n] ?[^,\n]{2,60}){1,4}$/,
  ),
  form(
    'colour_code',
    'colours by their parts',
    0.6,
    /^(?:#[0-9a-f]{3}|rgba?\(\d{1,3}, ?\d{1,3}, ?\d{1,3}.*\))$/i,
  ),
  form(
    'tax_id',
    'numbers of tax offices',
    0.5,
    /^(?:\d{2}-\d{7}|(?:ATU|BE0|DE|DK|ESX?|FI|FR|GB|HU|IE|IT|LU|NL|PL|PT|SE)\d{8,12})$/,
  ),
  form('user_name', 'names for signing in', 0.35, /^[a-z]{2,12}[._]?[a-z]{0,12}\d{1,4}$/),
  form('error_code', 'codes of faults', 0.4, /^(?:ERR|ORA|SQL|E-)[-_]?\d{2,6}$/),
];

/** With a plus or its parts apart: digits alone are anything. */
function isPhone(value: string): boolean {
  if (!/^(?:\+|00)?[\d\s().\-/]+(?: ?(?:x|ext\.?) ?\d{1,6})?$/i.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  return (
    digits >= 7 &&
    digits <= 15 &&
    (/^(?:\+|00|\()/.test(value) ||
      /^0\d{2,4}[\s/-]/.test(value) ||
      /^(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}/.test(value) ||
      /x\d/.test(value))
  );
}
