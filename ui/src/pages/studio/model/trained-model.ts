/** What the page of a session's model shows: the record, what its training wrote of it, and its figures. */

import type { TreeEntry } from '../../../lib/api/answers.ts';
import { api } from '../../../lib/api/client.ts';
import { fetchFiles } from '../../../lib/api/data-queries.ts';
import { fetchModels, type ModelRecord } from '../../models/model-requests.ts';
import { fileUrl, previewKind } from '../files/file-preview.ts';

/** What the page reads of `train/data/metadata.json`. */
export interface Training {
  model?: { title?: string };
  primary_metric?: string;
  metrics?: { test?: Record<string, number>; baseline?: Record<string, number> };
  cv?: { metric: string; mean: number; sd: number; folds: number; repeats: number };
  prediction_interval?: { low: number | null; high: number | null; inside: boolean };
  /** Where the score on new rows should lie; models of before have none. */
  score_interval?: { low: number | null; high: number | null };
  importance?: { feature: string; mean: number; sd: number }[];
}

export interface TrainedModel {
  model: ModelRecord;
  training: Training;
  figures: TreeEntry[];
}

/** @param checkpoint of the model's run, where the workspace does not hold that any more */
export async function readTrainedModel(
  sessionId: string,
  checkpoint: string | null,
  signal: AbortSignal,
): Promise<TrainedModel | null> {
  const model = (await fetchModels(signal)).find((each) => each.session_id === sessionId);
  if (!model) return null;
  const [training, files] = await Promise.all([
    api.get<Training>(fileUrl(sessionId, 'train/data/metadata.json', checkpoint), { signal }),
    fetchFiles(sessionId, signal, checkpoint),
  ]);
  const figures = files.filter(
    ({ path, size }) => path.startsWith('train/figures/') && previewKind(path, size) === 'image',
  );
  return { model, training, figures };
}
