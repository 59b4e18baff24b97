/** What a script printed, as people see it: without the lines that only the platform reads. */

/** Findings that a playbook hands to the next turn, as one line of JSON between two marks. */
const FINDINGS = /=== findings ===\n[\s\S]*?(?:=== end of findings ===\n?|$)/g;

export const shownOutput = (text: string): string => text.replace(FINDINGS, '');
