/** What came of what: files, the steps that read and wrote them, and what was kept of them. */

import { z } from 'zod';
import type { Principal } from '../../core/principal.ts';
import type { Session } from '../../core/records.ts';
import { STAGES } from '../../core/stages.ts';
import { getExperiment, listArtifacts } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { finishedScripts, type ScriptStep } from './finished-steps.ts';
import { KnownPaths } from './script-mentions.ts';

export const LineageSchema = z.object({
  nodes: z.array(
    z.object({
      /** `dataset:NAME`, `step:ID` or `file:PATH` */
      id: z.string(),
      kind: z.enum(['dataset', 'step', 'file', 'report', 'chart', 'model', 'script', 'metadata']),
      label: z.string(),
      stage: z.enum(STAGES).nullable(),
      /** The artifact that was kept of a file; null for a file between steps. */
      artifact: z.string().nullable(),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      kind: z.enum(['reads', 'writes']),
      /** How it is known; `bases` says it in words. */
      basis: z.enum(['observed', 'declared']),
    }),
  ),
  bases: z.object({ observed: z.string(), declared: z.string() }),
});
export type Lineage = z.infer<typeof LineageSchema>;

const BASES: Lineage['bases'] = {
  observed: 'seen in the workspace when the step ended',
  declared: 'declared by path in the script',
};

/** The graph of the session's newest runs, in the order of its steps. */
export async function sessionLineage(
  dependencies: ApiDependencies,
  principal: Principal,
  session: Session,
): Promise<Lineage> {
  const { db } = dependencies;
  const scripts = await finishedScripts(dependencies, principal, session.id);
  const artifacts = (await listArtifacts(db, principal, { session: session.id })) ?? [];
  const experiment = await getExperiment(db, principal, session.experiment_id);
  const current = new Map(
    artifacts.filter(({ stale }) => !stale).map((artifact) => [artifact.path, artifact]),
  );
  const datasets = (experiment?.dataset.files ?? []).map(({ name }) => name);
  const written = new Set<string>();
  const known = new KnownPaths();
  const nodes: Lineage['nodes'] = datasets.map((name) => ({
    ...{ id: `dataset:${name}`, kind: 'dataset' as const, label: name, stage: null, artifact: null },
  }));
  const edges: Lineage['edges'] = [];
  for (const script of scripts) {
    const step = `step:${script.id}`;
    nodes.push({ id: step, kind: 'step', label: script.title, stage: script.stage, artifact: null });
    for (const name of datasets)
      if (readsDataset(script, name))
        edges.push({ from: `dataset:${name}`, to: step, kind: 'reads', basis: 'declared' });
    for (const path of known.mentionedIn(script.code))
      edges.push({ from: `file:${path}`, to: step, kind: 'reads', basis: 'declared' });
    for (const path of script.filesChanged) {
      const node = `file:${path}`;
      if (path === script.path) continue;
      edges.push({ from: step, to: node, kind: 'writes', basis: 'observed' });
      if (written.has(path)) continue;
      written.add(path);
      known.add(path);
      nodes.push({ id: node, ...fileNode(path, current.get(path)), stage: script.stage });
    }
  }
  return { nodes, edges, bases: BASES };
}

const SHOWN = ['report', 'chart', 'model', 'script', 'metadata'] as const;

function fileNode(path: string, artifact: { id: string; type: string } | undefined) {
  const kind = SHOWN.find((each) => each === artifact?.type) ?? ('file' as const);
  return { kind, label: path, artifact: artifact?.id ?? null };
}

const readsDataset = ({ code }: ScriptStep, name: string): boolean =>
  code.includes(name) || /\bpaths\.dataset\b/.test(code);
