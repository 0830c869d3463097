import { join } from 'node:path';
import { base64Of } from '../platform/bytes.ts';
import { tasks, tokensOf } from '../config/tasks.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { disk } from '../platform/files.ts';
import type { AnsweredPassage, ExportedModel, Passage, PassageMap, ReadPassage } from '../protocol/exportedPage.ts';
import type { ActivationMap } from '../protocol/inspection.ts';
import { LIVE_TASKS } from '../protocol/textAnswer.ts';
import type { ExportModelRequest } from '../protocol/trainer.ts';
import { MANIFEST } from '../runs/integrity.ts';
import { readRecord, type RunRecord } from '../runs/record.ts';
import { OpenedRun } from './openedRun.ts';
import { MODEL_FOLDER, readModelFile } from './trainedModel.ts';

/** Bounds of the number of tokens of a passage, and maximum number of bytes of its maps. */
const TOKENS = { most: 200, fewest: 20 } as const;
const MAX_BYTES = 1_200_000;

/** Number of predictions at each token. */
const TOP = 5;

/**
 * What a page shows of the model of a run: a passage that it has read, and its files if the page runs it. A run whose
 * model or data cannot be read has the reason in place of the passage.
 * @throws Error if the record of the run cannot be read, or the page needs a model that is missing
 */
export async function exportModel({ folder, live, backends }: ExportModelRequest): Promise<ExportedModel> {
  const record = await readRecord(folder);
  const { name } = record.config.task;
  if (live && !LIVE_TASKS.has(name))
    throw new PhrasedError(
      phrase('A page cannot run models of the task "{0}". Export the page without the model.', tasks[name].title),
    );
  return {
    passage: await readPassage(record, () => OpenedRun.open(folder, backends)),
    live: live ? await modelOf(folder, record) : null,
  };
}

async function readPassage(record: RunRecord, open: () => Promise<OpenedRun>): Promise<Passage> {
  let run: OpenedRun | undefined;
  try {
    run = await open();
    if (!run.reads && run.answers) return await answeredPassage(run);
    run.reading();
    const longest = await mapsOf(run, await run.passage(TOKENS.most));
    const fitting = Math.floor((TOKENS.most * MAX_BYTES) / Math.max(1, sizeOf(longest)));
    const read =
      fitting < TOKENS.most ? await mapsOf(run, await run.passage(Math.max(TOKENS.fewest, fitting))) : longest;
    return { state: 'read', tokenKind: tokensOf(record.config.task), ...read };
  } catch (error) {
    return { state: 'unread', reason: textOf(error) };
  } finally {
    run?.dispose();
  }
}

type Maps = Pick<ReadPassage, 'inspection' | 'maps' | 'answer'>;

async function mapsOf(run: OpenedRun, text: string): Promise<Maps> {
  const { inspector } = run;
  const inspection = await inspector.inspect({ reader: 'export', text, from: 0, top: TOP });
  const maps = inspection.layers.flatMap(({ layer, direction, activations }) =>
    activations.map((activation) => {
      const request = { inspection: inspection.id, layer, direction, activation, sort: 'index' } as const;
      return { layer, direction, activation, ...encoded(inspector.activationMap(request)) };
    }),
  );
  return { inspection, maps, answer: run.answers ? await run.answer(text, TOP) : null };
}

/** A map as a page has it. */
export function encoded({
  units,
  timeSteps,
  low,
  high,
  values,
  holes,
}: ActivationMap): Omit<PassageMap, 'layer' | 'direction' | 'activation'> {
  return { units, timeSteps, low, high, values: base64Of(values), holes: holes && base64Of(holes) };
}

/** A passage with the answer of a model whose states are not shown. */
async function answeredPassage(run: OpenedRun): Promise<AnsweredPassage> {
  const text = await run.passage(TOKENS.most);
  return {
    state: 'answered',
    text,
    answer: await run.answer(text, TOP),
    step: run.step,
    reason: phrase(
      'The page shows gates and states of language models, and of recurrent classifiers that read forward and answer from their last state.',
    ),
  };
}

function sizeOf({ maps }: Maps): number {
  return maps.reduce((sum, { units, timeSteps }) => sum + units * timeSteps, 0);
}

async function modelOf(folder: string, { id, config, progress }: RunRecord): Promise<ExportedModel['live']> {
  const files: Record<string, string> = {};
  for (const { name, isFile } of await disk.list(join(folder, MODEL_FOLDER))) {
    // The files are compared with their hashes here: a page does not hash.
    if (isFile && name !== MANIFEST) files[name] = base64Of(await readModelFile(folder, name));
  }
  return { run: id, step: progress.kept?.step ?? progress.step, config, files };
}
