import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../config/parse.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { readSweep } from '../../sweeps/readSweep.ts';
import type { NewSweep } from '../../sweeps/sweepStore.ts';
import { findRun } from '../findRun.ts';
import { readSmallText } from '../lines.ts';

/**
 * Reads and checks a sweep file with the configuration and the data of its trials.
 * @throws ConfigError that names the file or the fields that cannot be used, RunNotFoundError for an unknown run
 */
export async function readSweepFile(path: string): Promise<NewSweep> {
  const text = await readSmallText(path).catch((error: unknown) => {
    throw new ConfigError(`The sweep ${path} cannot be read. ${say(textOf(error))}`, { cause: error });
  });
  return readSweep(text, { folder: dirname(path), file: resolve(path), findRun });
}
