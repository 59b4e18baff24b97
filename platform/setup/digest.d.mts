export function listFiles(folder: string, accepts: (name: string) => boolean): string[];
export function digestFiles(root: string, files: readonly string[]): string;
export function readStamp(file: string): string | null;
export function writeAtomic(file: string, text: string | Uint8Array, mode?: number): void;
