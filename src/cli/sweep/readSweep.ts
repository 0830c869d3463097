import { basename, dirname, resolve } from 'node:path';
import { refuseIneffective } from '../../config/applicability.ts';
import { withDataFrom } from '../../config/dataPaths.ts';
import { ConfigError, parseJson, parseRunConfig } from '../../config/parse.ts';
import { tasks } from '../../config/tasks.ts';
import type { RunConfig } from '../../config/schema.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { sha256Hex } from '../../platform/hashing.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import { checkSweep } from '../../sweeps/checkSweep.ts';
import { parseSweepFile } from '../../sweeps/parseSweepFile.ts';
import type { TrialSource } from '../../sweeps/plan/events.ts';
import type { SweepFile } from '../../sweeps/schema.ts';
import type { NewSweep } from '../../sweeps/sweepStore.ts';
import { findRun } from '../findRun.ts';
import { readSmallText } from '../lines.ts';

/**
 * Reads and checks a sweep file with the configuration and the data of its trials.
 * @throws ConfigError that names the fields that cannot be used, RunNotFoundError for an unknown run
 */
export async function readSweep(path: string): Promise<NewSweep> {
  const text = await readSmallText(path).catch((error: unknown) => {
    throw new ConfigError(`The sweep ${path} cannot be read. ${say(textOf(error))}`, { cause: error });
  });
  const file = parseSweepFile(parseJson(text, basename(path)));
  const { base, source, parent } = await baseOf(file, dirname(path));
  return { sweep: checkSweep(file, base), file: resolve(path), sha256: sha256Hex(text), source, parent };
}

type Base = Pick<NewSweep, 'source' | 'parent'> & { readonly base: RunConfig };

/** The configuration of the trials: that of a run, with what the file changes of it, or that of the file. */
async function baseOf({ base: given, from }: SweepFile, folder: string): Promise<Base> {
  if (from === undefined) {
    const base = withDataFrom(folder, parseRunConfig(given));
    return { base, source: sourceIn(base), parent: null };
  }
  const run = findRun(from);
  const { config, id } = await readOwnRecord(run);
  const base = withDataFrom(folder, parseRunConfig(merged(config, given)));
  refuseIneffective(base);
  const hasData = typeof given['data'] === 'object' && given['data'] !== null && 'train' in given['data'];
  if (!hasData) return { base, source: { kind: 'run', folder: run }, parent: id };
  return { base, source: sourceIn(base), parent: id };
}

/** The data that a configuration names. @throws ConfigError if it names none */
function sourceIn({ task, data }: RunConfig): TrialSource {
  if (tasks[task.name].generated) return { kind: 'generated' };
  if (data.train !== '') return { kind: 'file', path: data.train };
  throw new ConfigError('base.data.train: name the file that the trials are trained on, or a run as "from".', {
    fields: ['base.data.train'],
  });
}

/** An object with the parts of another one in place of its own. */
function merged(before: object, changes: object): object {
  const entries = Object.entries(changes).map(([name, value]: [string, unknown]) => {
    const old: unknown = Reflect.get(before, name);
    return [name, isObject(old) && isObject(value) ? merged(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
