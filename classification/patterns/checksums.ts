/** Check digits of identifiers that have one. Each takes text of the right form and says whether it adds up. */

/** Luhn: every second digit from the right counts twice. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isSecond = false; at >= 0; at -= 1, isSecond = !isSecond) {
    const digit = Number(digits[at]);
    const counted = isSecond ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** ISO 7064 mod 97-10, letters as two digits each: what an IBAN and an LEI leave is 1. */
export function remainderOf97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

export const passesIban = (iban: string): boolean => remainderOf97(iban.slice(4) + iban.slice(0, 4)) === 1;

/** The share number: letters become two digits each, then Luhn. */
export const passesIsin = (isin: string): boolean =>
  passesLuhn([...isin].map((character) => Number.parseInt(character, 36)).join(''));

const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  [...'0123456789', ...'ABCDEFGH', ...'JKLMN', 'P', 'R', ...'STUVWXYZ'].map((character, at) => [
    character,
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9][at] ??
      0,
  ]),
);
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** The ninth place of a vehicle's number checks the others (North America; elsewhere it may be anything). */
export function passesVin(vin: string): boolean {
  const sum = VIN_WEIGHTS.reduce((total, weight, at) => total + weight * (VIN_VALUES[vin[at] ?? ''] ?? 0), 0);
  return vin[8] === (sum % 11 === 10 ? 'X' : String(sum % 11));
}

/** GTIN, EAN, UPC and ISBN-13: from the right, weights 1 and 3 by turns. */
export function passesGtin(digits: string): boolean {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** ISBN-10: weights 10 to 1, X is ten. */
export function passesIsbn10(isbn: string): boolean {
  const sum = [...isbn].reduce(
    (total, character, at) => total + (character === 'X' ? 10 : Number(character)) * (10 - at),
    0,
  );
  return sum % 11 === 0;
}

/** A bank's routing number in the United States: weights 3, 7, 1. */
export function passesRouting(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * ([3, 7, 1][at % 3] ?? 0), 0);
  return sum % 10 === 0 && sum > 0;
}
