/** Why a vocabulary cannot be used, in a sentence for who wrote it. */
export class VocabularyError extends Error {
  /** null where the whole file is meant. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(line === null ? message : `Line ${line}: ${message}`);
    this.name = 'VocabularyError';
    this.line = line;
  }
}
