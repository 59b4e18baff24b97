/** A form of whole values, and the lists of codes that some forms need. */

export interface Pattern {
  /** For programs, e.g. `ipv4`. */
  name: string;
  /** For people, e.g. `IPv4 address`. */
  title: string;
  /** One of `meanings/meanings.json`: the terms that mean it get its evidence. */
  meaning: string;
  isWeak: boolean;
  /** It is sought within texts too, since whoever holds such a text holds it. */
  isSoughtInText: boolean;
  /** Of a value without blanks around it, at most 2,000 characters long. */
  matches(value: string): boolean;
}

/** Lists of codes of standards. */
export interface Codes {
  currency: ReadonlySet<string>;
  country2: ReadonlySet<string>;
  country3: ReadonlySet<string>;
  language: ReadonlySet<string>;
}
