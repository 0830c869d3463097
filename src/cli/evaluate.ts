import { resolve } from 'node:path';
import { readRecord } from '../runs/record.ts';
import { evaluate } from '../worker/evaluate.ts';
import { checkPredictionsFile, writePredictions } from './predictions.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { UsageError } from './exitCodes.ts';
import { evaluationReading } from './readingOptions.ts';
import type { EvaluateFlags } from './sentiment.ts';
import { say } from '../phrases/phrase.ts';

/** `sequence-lab evaluate`. */
export async function evaluateFile(
  run: string,
  file: string,
  { json, predictions: out, streams, ...flags }: EvaluateFlags,
): Promise<void> {
  const { reading, textColumn, labelColumn } = evaluationReading(flags);
  const folder = findRun(run);
  if (out !== undefined) await checkPredictionsFile(out, file);
  prepareNativeEnvironment((await readRecord(folder)).config.threads);
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
