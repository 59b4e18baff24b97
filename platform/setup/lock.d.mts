import type { RecordedProcess } from './process.d.mts';

export interface LockHolder extends RecordedProcess {
  token: string;
}
export type LockAttempt =
  | { release: () => void; holder?: undefined }
  | { release?: undefined; holder: LockHolder };
export interface LockWait {
  onWait?: (holder: LockHolder) => void;
  intervalMilliseconds?: number;
}
export function tryLock(file: string): LockAttempt;
export function lock(file: string, options?: LockWait): Promise<() => void>;
export function readHolder(file: string): LockHolder | null;
