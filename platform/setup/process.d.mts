export interface RecordedProcess {
  pid: number;
  /** Opaque; equal only for the same start of the same process. */
  startTime: string;
}
export function processStart(pid: number): string | null;
export function isAlive(recorded: RecordedProcess | null): boolean;
export function thisProcess(): RecordedProcess;
