import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { say } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';
import { UsageError } from './exitCodes.ts';

/**
 * Checks where predictions are written, before they are computed.
 * @throws UsageError if it is a folder or another thing that is not a file, or the input itself by whatever path
 */
export async function checkPredictionsFile(out: string, input: string): Promise<void> {
  const [target, source] = await Promise.all([found(out), found(input)]);
  if (!target) return;
  if (!target.isFile()) throw new UsageError(`--predictions ${out} is not a file. Name a file to write.`);
  if (source && target.dev === source.dev && target.ino === source.ino)
    throw new UsageError(`--predictions ${out} is the data to evaluate, which would be lost. Name another file.`);
}

/** Writes a line per prediction. @throws UsageError if the file cannot be written */
export async function writePredictions(out: string, lines: readonly string[]): Promise<void> {
  await writeFile(resolve(out), lines.map((line) => `${line}\n`).join('')).catch((error: unknown) => {
    throw new UsageError(`The predictions cannot be written. ${say(textOf(error))}`, { cause: error });
  });
}

async function found(path: string) {
  return stat(resolve(path)).catch(() => undefined);
}
