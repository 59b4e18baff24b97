/** Id of the source of the bundled tables, as core/classification/records.ts has it; records bring a schema's code. */
export const SAMPLE_SOURCE = 'sample';
/** Id of the vocabulary that comes with the platform. */
export const BUNDLED_VOCABULARY = 'tempera';
