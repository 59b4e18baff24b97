export interface Download {
  url: string;
  /** URL of the release's checksum file: lines of a SHA-256 and a file name. */
  checksums: string;
  file: string;
  answerSeconds: number;
  onBytes?: (received: number, total: number) => void;
}
export function downloadChecked(download: Download): Promise<void>;
