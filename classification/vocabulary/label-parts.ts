/**
 * What else a term is called by its label: "ZIP / postal code" is a ZIP and a postal code, "Patient number (MRN)" an
 * MRN.
 */

const BETWEEN = /\s*(?:\/|,|;|\bor\b)\s*/i;
const IN_BRACKETS = /\s*[([]([^)\]]*)[)\]]/g;
const LONGEST_SHORT_FORM = 12;

/** None where the label is one name. */
export function labelParts(label: string): string[] {
  const bare = label.replace(IN_BRACKETS, ' ').trim();
  const short = [...label.matchAll(IN_BRACKETS)].flatMap(([, text = '']) => shortForm(text));
  const parts = bare.split(BETWEEN).map((part) => part.trim());
  return [...new Set([bare, ...parts, ...short])].filter((part) => part !== '' && part !== label);
}

/** What stands in brackets is a name where it is written like an abbreviation; else it says more of the term. */
const shortForm = (text: string): string[] =>
  text.length <= LONGEST_SHORT_FORM && /^[A-Z][A-Z0-9-]+$/.test(text.trim()) ? [text.trim()] : [];
