import { resolve } from 'node:path';
import type { TaskName } from '../config/task.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { evaluate } from '../worker/evaluate.ts';
import { checkPredictionsFile, writePredictions } from './predictions.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { UsageError } from './exitCodes.ts';
import { evaluationReading } from './readingOptions.ts';
import type { EvaluateFlags } from './sentiment.ts';
import { say } from '../phrases/phrase.ts';

/** Tasks that score data without columns of texts and labels. */
const WITHOUT_COLUMNS: readonly TaskName[] = ['language-model', 'tagging', 'forecasting'];

/** `sequence-lab evaluate`. */
export async function evaluateFile(
  run: string,
  file: string,
  { json, predictions: out, streams, ...flags }: EvaluateFlags,
): Promise<void> {
  const { reading, textColumn, labelColumn } = evaluationReading(flags);
  const folder = findRun(run);
  if (out !== undefined) await checkPredictionsFile(out, file);
  const { config } = await readOwnRecord(folder);
  const { name } = config.task;
  if ((textColumn ?? labelColumn) !== undefined && WITHOUT_COLUMNS.includes(name))
    throw new UsageError(`The run ${run} is for ${name}, which has no columns of texts and labels. Omit them.`);
  const unused = name === 'language-model' ? Object.keys(reading).find((field) => field !== 'encoding') : undefined;
  if (unused !== undefined)
    throw new UsageError(`data.${unused} has no effect on "${file}": a language model reads plain text. Omit it.`);
  prepareNativeEnvironment(config.threads);
  const { measures, summary, predictions, skipped } = await evaluate(
    folder,
    resolve(file),
    { text: textColumn, label: labelColumn, streams, reading },
    backendOptions(),
  );
  for (const { where, reason } of skipped) process.stderr.write(`Skipped ${file}, ${say(where)}: ${say(reason)}\n`);
  process.stdout.write(`${json ? JSON.stringify(measures) : say(summary)}\n`);
  if (out === undefined) return;
  if (!predictions) throw new UsageError(`The task "${measures.task}" has no prediction per row. Omit --predictions.`);
  await writePredictions(out, predictions);
}
