import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readRecord } from '../runs/record.ts';
import { evaluate } from '../worker/evaluate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
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
  prepareNativeEnvironment((await readRecord(folder)).config.threads);
  const { measures, summary, predictions, skipped } = await evaluate(
    folder,
    resolve(file),
    { text: textColumn, label: labelColumn, streams, reading },
    backendOptions(),
  );
  for (const { where, reason } of skipped) process.stderr.write(`Skipped ${file}, ${say(where)}: ${say(reason)}\n`);
  if (out !== undefined) {
    if (!predictions) throw new Error(`The task "${measures.task}" has no prediction per row. Omit --predictions.`);
    await writeFile(resolve(out), predictions.map((line) => `${line}\n`).join(''));
  }
  process.stdout.write(`${json ? JSON.stringify(measures) : say(summary)}\n`);
}
