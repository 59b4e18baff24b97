export const SETUP_BYTES: number;
export const START_BYTES: number;
export function checkNode(version?: string): void;
export function checkWritable(folder: string, setting: string): void;
export function checkDisk(folder: string, needed: number, freeBytes?: (folder: string) => number): void;
export function checkPort(port: number, host?: string): Promise<void>;
