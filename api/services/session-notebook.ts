/**
 * A session as a Jupyter notebook (nbformat 4.5): its decisions, its scripts with what they printed and drew, and its
 * reports.
 */

import { buffer, text } from 'node:stream/consumers';
import { DECISIONS_FILE, ledgerFile } from '../../core/ledger-file.ts';
import type { Principal } from '../../core/principal.ts';
import type { ManifestEntry, Session } from '../../core/records.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import { getExperiment, sessionLedger } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { finishedScripts, type ScriptStep } from './finished-steps.ts';
import { filesOf } from './session-files.ts';

/** Bytes of pictures that a notebook carries; later ones are left out. */
const PICTURE_BYTES = 16 * 1024 * 1024;
/** Bytes of a report that is shown. */
const REPORT_BYTES = 1024 * 1024;
const STAGE_NAMES: Readonly<Record<Stage, string>> = { eda: 'EDA', prep: 'Prep', train: 'Train' };

const NO_FILES: ReadonlyMap<string, ManifestEntry> = new Map();

type Cell = Record<string, unknown>;

/** The notebook. It runs from top to bottom in the folder of the session's archive. */
export async function sessionNotebook(
  dependencies: ApiDependencies,
  principal: Principal,
  session: Session,
): Promise<Record<string, unknown>> {
  const experiment = await getExperiment(dependencies.db, principal, session.experiment_id);
  const scripts = await finishedScripts(dependencies, principal, session.id);
  const room = { bytes: PICTURE_BYTES };
  const cells: Cell[] = [
    markdown(
      `# ${experiment?.name ?? 'Session'}\n\nThe scripts of session \`${session.id}\`, in the ` +
        `order in which they ran. Unpack the session's archive, open this notebook in its folder ` +
        'and run all cells.',
    ),
    code('setup', SET_UP, []),
    ...decisionsCell(ledgerFile(await sessionLedger(dependencies.db, session.id))),
  ];
  for (const stage of STAGES) {
    const own = scripts.filter((script) => script.stage === stage);
    if (own.length === 0) continue;
    cells.push(markdown(`## ${STAGE_NAMES[stage]}`), code(`stage-${stage}`, `enter_stage('${stage}')`, []));
    let files = NO_FILES;
    for (const script of own) {
      // as the script left them: a later run of an earlier stage begins without them, a later script draws anew
      files = await filesOf(dependencies, session.id, script.checkpoint);
      cells.push(...(await scriptCells(dependencies, script, { files, room })));
    }
    cells.push(...(await reportCell(dependencies, stage, files)));
  }
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: 'python' },
    },
    cells: cells.map((cell, place) => ({ id: `cell-${place}`, ...cell })),
  };
}

const SET_UP = `# Where the scripts look for their files, and what stands in for the platform.
import os, sys
from pathlib import Path

os.environ['TEMPERA_WORKSPACE'] = os.getcwd()
os.environ.setdefault('MPLBACKEND', 'Agg')
sys.path.insert(0, os.getcwd())


def enter_stage(stage):
    """Each stage writes below a folder of its own."""
    os.environ['TEMPERA_STAGE'] = stage
    for folder in ('scripts', 'figures', 'data', 'models'):
        Path(stage, folder).mkdir(parents=True, exist_ok=True)`;

/** Beside the archive the file is there already; a notebook that was taken away alone brings it. */
function decisionsCell(file: string): Cell[] {
  if (file === '') return [];
  const source = `# What was decided; another table is decided so by: tempera run TABLE --decisions ${DECISIONS_FILE}
DECISIONS = r'''${plainJson(file)}'''
if not Path('${DECISIONS_FILE}').exists():
    Path('${DECISIONS_FILE}').write_text(DECISIONS, encoding='utf-8')`;
  return [code('decisions', source, [])];
}

/** JSON as it stands between quotes of Python's as it is: without quotes of theirs, and of plain characters alone. */
function plainJson(text: string): string {
  return text.replace(/[^\n -&(-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

async function scriptCells(
  { blobs }: ApiDependencies,
  script: ScriptStep,
  { files, room }: { files: ReadonlyMap<string, ManifestEntry>; room: { bytes: number } },
): Promise<Cell[]> {
  const outputs: Cell[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    if (script[name] !== '') outputs.push({ output_type: 'stream', name, text: lines(script[name]) });
  }
  for (const path of script.filesChanged) {
    const entry = files.get(path);
    if (!entry || !path.endsWith('.png') || entry.size > room.bytes) continue;
    room.bytes -= entry.size;
    const image = (await buffer(blobs.get(entry.sha256))).toString('base64');
    outputs.push({
      output_type: 'display_data',
      metadata: {},
      data: { 'image/png': image, 'text/plain': [path] },
    });
  }
  const from = script.path === null ? '' : `\n\n\`${script.path}\``;
  return [
    markdown(`### ${script.title.replace(/[\r\n]+/g, ' ')}${from}`),
    code(script.id, script.code, outputs),
  ];
}

async function reportCell(
  { blobs }: ApiDependencies,
  stage: Stage,
  files: ReadonlyMap<string, ManifestEntry>,
): Promise<Cell[]> {
  const report = files.get(`${stage}/report.md`);
  if (!report || report.size > REPORT_BYTES) return [];
  const written = await text(blobs.get(report.sha256));
  // figures are named from the report's folder, the notebook lies one above
  return [markdown(written.replace(/\]\((?![a-z]+:|\/)([^)\s]+)\)/g, `](${stage}/$1)`))];
}

const markdown = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source: lines(source) });
const code = (step: string, source: string, outputs: Cell[]): Cell => ({
  cell_type: 'code',
  metadata: { tempera: { step } },
  execution_count: null,
  source: lines(source),
  outputs,
});

/** Text as notebooks keep it: lines with their ends. */
const lines = (source: string): string[] => source.split(/(?<=\n)/);
