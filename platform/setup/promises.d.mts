export function findUnheard(root: string, files?: readonly string[] | null): string[];
