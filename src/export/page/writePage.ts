import { join } from 'node:path';
import { labelRuns } from '../../config/runLabel.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import type { ExportedPage, LiveModel, Passage } from '../../protocol/exportedPage.ts';
import { rank } from '../../runs/ranking.ts';
import { gatherRun, type GatheredRun } from './gatherRun.ts';
import { type PageAssets, pageDocument } from './pageDocument.ts';

/** A run to show: its folder, and what its model has read. */
export interface PageRun {
  readonly folder: string;
  readonly passage: Passage;
}

/** The passage of each run on a page of several, which has room for their curves and samples only. */
export const passageOfMany: Passage = {
  state: 'unread',
  reason: phrase('The page of a single run has a passage that its model has read, with its gates.'),
};

export interface PageRequest {
  readonly runs: readonly PageRun[];
  readonly live: LiveModel | null;
  /** Folder of the built programs, with the files of the page. */
  readonly programs: string;
  /** Version of Sequence Lab. */
  readonly product: string;
  readonly language: string;
  readonly translations: Readonly<Record<string, unknown>>;
  /** Receives what the page lacks because a file of the user is damaged. */
  readonly warn: (problem: string) => void;
}

/**
 * The HTML document of one run, or of several side by side.
 * @throws Error that names a file of a run that is missing or damaged
 */
export async function writePage({ runs, live, programs, warn, ...request }: PageRequest): Promise<string> {
  const gathered: GatheredRun[] = [];
  for (const { folder, passage } of runs) gathered.push(await gatherRun(folder, passage));
  for (const { problem } of gathered) if (problem !== undefined) warn(problem);
  const page: ExportedPage = {
    version: 1,
    exportedAt: new Date().toISOString(),
    product: request.product,
    runs: labeled(gathered.map(({ run }) => run)),
    ranking: gathered.length > 1 ? rank(gathered.map(({ ranked }) => ranked)) : [],
  };
  const title = page.runs.map(({ view }) => view.title).join(', ');
  return pageDocument({ page, title, live, ...request }, await readAssets(programs, live !== null));
}

/** The runs with labels that tell them apart. */
function labeled(runs: ExportedPage['runs']): ExportedPage['runs'] {
  if (runs.length === 1) return runs;
  const labels = labelRuns(
    runs.map(({ view, config, createdAt }) => ({
      id: view.id,
      config,
      name: view.name,
      createdAt,
      states: null,
      parent: null,
    })),
  );
  return runs.map((run) => {
    const { text = run.view.label, title = run.view.title } = labels.get(run.view.id) ?? {};
    return { ...run, view: { ...run.view, label: text, title } };
  });
}

async function readAssets(programs: string, live: boolean): Promise<PageAssets> {
  const read = (name: string) => disk.readText(join(programs, 'exported', name));
  return {
    script: await read('page.js'),
    style: await read('page.css'),
    liveScript: live ? await read('live.js') : '',
  };
}
