import { basename } from 'node:path';
import { refuseIneffective, withoutIneffective } from '../config/applicability.ts';
import { withDataFrom } from '../config/dataPaths.ts';
import { ConfigError, parseJson, parseRunConfig } from '../config/parse.ts';
import { rangeTestRates } from '../config/rangeTest.ts';
import { tasks } from '../config/tasks.ts';
import type { RunConfig } from '../config/schema.ts';
import { phrase } from '../phrases/phrase.ts';
import { sha256Hex } from '../platform/hashing.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import type { RunRecord } from '../runs/record.ts';
import { checkSweep } from './checkSweep.ts';
import { parseSweepFile } from './parseSweepFile.ts';
import type { TrialSource } from './plan/events.ts';
import { plannedTrials } from './plannedTrials.ts';
import type { SweepFile } from './schema.ts';
import { sweepProblems } from './sweepProblems.ts';
import type { NewSweep } from './sweepStore.ts';

/** Where a sweep is read. */
export interface SweepPlace {
  /** Folder that relative paths of data files begin at. */
  readonly folder: string;
  /** Absolute path of the sweep file; null for a sweep that is in no file. */
  readonly file: string | null;
  /** The folder of a run by its folder, its id or its name. @throws Error if there is none */
  readonly findRun: (run: string) => string;
  /** Number of trials whose configurations are checked; by default as many as before a sweep begins. */
  readonly checked?: number;
}

/** A sweep that was read. */
export interface ReadSweep extends NewSweep {
  /** Paths of fields of the run "from" that have no effect in the sweep, and have their defaults again. */
  readonly dropped: readonly string[];
}

/**
 * Reads and checks a sweep, with the configuration and the data of its trials, and plans these.
 * @param text content of a sweep file
 * @throws ConfigError that names the fields that cannot be used, and as `findRun`
 */
export async function readSweep(text: string, { folder, file, findRun, checked }: SweepPlace): Promise<ReadSweep> {
  const parsed = parseSweepFile(parseJson(text, file === null ? 'sweep' : basename(file)));
  const { base, source, parent, dropped } = await baseOf(parsed, folder, findRun);
  const sweep = checkSweep(parsed, base);
  return { sweep, trials: plannedTrials(sweep, checked), file, sha256: sha256Hex(text), source, parent, dropped };
}

type Base = Pick<ReadSweep, 'source' | 'parent' | 'dropped'> & { readonly base: RunConfig };

/**
 * The configuration of the trials: that of the file, or that of a run with what the file changes of it. Fields of the run
 * that have no effect then get their defaults.
 */
async function baseOf({ base: given, from }: SweepFile, folder: string, findRun: SweepPlace['findRun']): Promise<Base> {
  if (from === undefined) {
    const base = withDataFrom(folder, parseRunConfig(given));
    return { base, source: sourceIn(base), parent: null, dropped: [] };
  }
  const run = findRun(from);
  const record = await readOwnRecord(run);
  const { config, id } = record;
  const written = new Set(leavesOf(given));
  const { config: kept, dropped } = withoutIneffective(parseRunConfig(merged(config, given)), written);
  const base = withDataFrom(folder, kept);
  if (rangeTestRates(base)) throw rangeTestAsBase(record);
  refuseIneffective(base);
  const hasData = typeof given['data'] === 'object' && given['data'] !== null && 'train' in given['data'];
  if (!hasData) return { base, source: { kind: 'run', folder: run }, parent: id, dropped };
  return { base, source: sourceIn(base), parent: id, dropped };
}

/** The error of a sweep from a learning rate range test, whose rates and steps are those of the test. */
function rangeTestAsBase({ id, parent }: RunRecord): ConfigError {
  const reason =
    parent === null
      ? phrase(
          '{0} is a learning rate range test, and its rates and steps are those of the test. Name another run.',
          id,
        )
      : phrase(
          '{0} is a learning rate range test, and its rates and steps are those of the test. Name the run that it tests: {1}.',
          id,
          parent.run,
        );
  return sweepProblems([{ path: 'from', reason }]);
}

/** The data that a configuration names. @throws ConfigError if it names none */
function sourceIn({ task, data }: RunConfig): TrialSource {
  if (tasks[task.name].generated) return { kind: 'generated' };
  if (data.train !== '') return { kind: 'file', path: data.train };
  throw new ConfigError(phrase('base.data.train: name the file that the trials are trained on, or a run as "from".'), {
    fields: ['base.data.train'],
  });
}

/** An object with the changes of another one; objects within it are merged. */
function merged(before: object, changes: object): object {
  const entries = Object.entries(changes).map(([name, value]: [string, unknown]) => {
    const old: unknown = Reflect.get(before, name);
    return [name, isObject(old) && isObject(value) ? merged(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}

/** Dotted paths of the values of an object and of those within it. */
function leavesOf(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) =>
    isObject(value) ? leavesOf(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
