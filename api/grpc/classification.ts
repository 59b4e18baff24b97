/** Classification by gRPC: the same services as the REST routes, the same records in the proto's form. */

import type { ClassifiedDataset, DataSource } from '../../core/classification/records.ts';
import { listClassifiedDatasets, listDataSources } from '../../db/index.ts';
import type {
  ClassifiedDataset as DatasetMessage,
  GetFSMStatusRequest,
  ListDatasetsRequest,
  DataSource as SourceMessage,
  StartClassificationRequest,
} from '../../proto/generated/tempera/v1/classification.ts';
import type { PlatformServer } from '../../proto/generated/tempera/v1/platform.ts';
import { StartBodySchema } from '../classification-schemas.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { assertLawful } from '../http/lawful-input.ts';
import { parseInput } from '../http/zod-provider.ts';
import { traceparentOf } from '../routes/route.ts';
import { runStatus, startRun } from '../services/classification/runs.ts';
import { unary } from './calls.ts';
import { METHOD_PERMISSIONS } from './permissions.ts';

type Calls = Pick<
  PlatformServer,
  'listDataSources' | 'listDatasets' | 'startClassification' | 'getFsmStatus'
>;

export function classificationCalls(dependencies: ApiDependencies): Calls {
  const { db } = dependencies;
  return {
    listDataSources: unary(dependencies, METHOD_PERMISSIONS.listDataSources, async ({ principal }) => ({
      dataSources: (await listDataSources(db, principal)).map(toSource),
    })),
    listDatasets: unary(
      dependencies,
      METHOD_PERMISSIONS.listDatasets,
      async ({ principal }, { sourceId }: ListDatasetsRequest) => {
        assertLawful(sourceId, 'source_id');
        const of = sourceId === '' ? undefined : sourceId;
        return { datasets: (await listClassifiedDatasets(db, principal, of)).map(toDataset) };
      },
    ),
    startClassification: unary(
      dependencies,
      METHOD_PERMISSIONS.startClassification,
      async ({ principal, headers }, request) => {
        const { id, state } = await startRun(dependencies, principal, {
          ...{ body: toBody(request), key: idempotencyKey(headers) },
          traceparent: traceparentOf(headers),
        });
        return { runId: id, state };
      },
    ),
    getFsmStatus: unary(
      dependencies,
      METHOD_PERMISSIONS.getFsmStatus,
      async ({ principal }, { sourceId }: GetFSMStatusRequest) => {
        assertLawful(sourceId, 'source_id');
        const status = await runStatus(dependencies, principal, sourceId === '' ? undefined : sourceId);
        return {
          ...{ runId: status.run_id, state: status.state, startedAt: status.started_at ?? undefined },
          ...{ progressJson: status.progress_json, error: status.error?.message ?? '' },
        };
      },
    ),
  };
}

/** What the same request is over REST. @throws TemperaError INVALID_INPUT */
function toBody({ sourceId, settings }: StartClassificationRequest) {
  const body = {
    ...(sourceId !== '' && { source_id: sourceId }),
    ...(settings !== undefined && { settings }),
  };
  assertLawful(body, 'body');
  return parseInput(StartBodySchema, body, 'body');
}

const toSource = (source: DataSource): SourceMessage => ({
  ...{ id: source.id, sourceType: source.source_type, sourceUri: source.source_uri },
  ...{ displayName: source.display_name, vocabularyMode: source.vocabulary_mode },
});

const toDataset = (dataset: ClassifiedDataset): DatasetMessage => ({
  ...{ id: dataset.id, name: dataset.name, parquetPath: dataset.parquet_path },
  ...{ sourceId: dataset.source_id, versionNumber: dataset.version_number },
  ...{ isActive: dataset.is_active, summary: dataset.summary },
});
