export interface ShownStep {
  update(words: string): void;
  done(words?: string): void;
  failed(words?: string): void;
}
export interface Progress {
  say(line: string): void;
  begin(title: string): ShownStep;
}
export interface ProgressOptions {
  write?: (text: string) => void;
  terminal?: boolean;
  width?: number;
  quietMilliseconds?: number;
}
export function createProgress(options?: ProgressOptions): Progress;
export function duration(milliseconds: number): string;
export function bytes(count: number): string;
