/**
 * What a tool call's input is when the model wrote no JSON object: an object with one field that holds the text
 * as it came. A provider takes it back as it is, and the model sees what it wrote beside the tool's error.
 */

/** The one field of such an input. No tool of ours has a parameter of this name. */
export const MALFORMED_FIELD = 'malformed_json';

/** The input to record for a tool call whose JSON cannot be read; `text` is what came, perhaps cut off. */
export function toMalformedInput(text: string): Record<string, unknown> {
  return { [MALFORMED_FIELD]: text };
}

/**
 * The unreadable text of a tool call's input, or null when the input was read. The agent loop answers a text with
 * a tool error and does not run the tool.
 */
export function malformedText(input: Record<string, unknown>): string | null {
  const text = input[MALFORMED_FIELD];
  return Object.keys(input).length === 1 && typeof text === 'string' ? text : null;
}
