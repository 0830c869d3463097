import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type CheckpointReading,
  type CheckpointReadings,
  readingOptions,
  type WeightDifference,
} from '../protocol/difference.ts';
import type { StoredCheckpoint } from '../protocol/trainer.ts';
import { checkpointSteps } from '../runs/checkpoints.ts';
import { compareReadings } from '../worker/checkpoints/compareReadings.ts';
import { compareWeights } from '../worker/checkpoints/compareWeights.ts';
import { backendOptions } from './environment.ts';
import { UsageError } from './exitCodes.ts';
import { findRun } from './findRun.ts';
import { textTable } from './textTable.ts';
import { RECORD_FILE } from '../runs/record.ts';

/** Flags of `compare` for two checkpoints, as parsed by commander. */
export interface ReadingFlags {
  /** Text to read; true: that of the first run; undefined: none. */
  readonly read?: string | true;
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
  readonly json: boolean;
}

/** The name of a checkpoint on the command line: that of its run, and its step or `last`. */
interface CheckpointName {
  readonly run: string;
  readonly step: number | 'last';
}

/** Parses `RUN@STEP` or `RUN@last`; undefined for another name, such as a folder with an `@`. */
export function checkpointName(name: string): CheckpointName | undefined {
  const [, run, step] = /^(.+)@(\d+|last)$/.exec(name) ?? [];
  if (run === undefined || step === undefined || existsSync(resolve(name, RECORD_FILE))) return undefined;
  return { run, step: step === 'last' ? step : Number(step) };
}

/** `sequence-lab compare RUN@STEP RUN@STEP`. @throws UsageError unless there are exactly two checkpoints */
export async function compareCheckpoints(
  names: readonly string[],
  checkpoints: readonly CheckpointName[],
  { read, json, length, temperature, seed }: ReadingFlags,
): Promise<void> {
  const [a, b] = checkpoints;
  if (!a || !b || names.length !== 2)
    throw new UsageError('Compare two checkpoints, such as RUN@100 and RUN@last; both need a step.');
  const pair: [StoredCheckpoint, StoredCheckpoint] = [await find(a), await find(b)];
  const weights = await compareWeights(pair);
  const passage = read === true ? null : read;
  const options = passage !== undefined && readingOptions.parse({ passage, length, temperature, seed });
  const readings = options ? await compareReadings({ checkpoints: pair, options, backends: backendOptions() }) : null;
  if (json) {
    // The maps are pictures; "export --what gates" writes their values.
    const shown = readings && { passage: readings.passage, readings: readings.readings };
    process.stdout.write(`${JSON.stringify({ checkpoints: pair, weights, readings: shown })}\n`);
    return;
  }
  const legend = pair
    .map(({ folder, step }, place) => `${place === 0 ? 'a' : 'b'}  ${folder}, step ${step}\n`)
    .join('');
  const reading = readings ? `\n${describeReadings(readings)}` : '';
  process.stdout.write(`${legend}\n${describeWeights(weights)}${reading}`);
}

async function find({ run, step }: CheckpointName): Promise<StoredCheckpoint> {
  const folder = findRun(run);
  if (step !== 'last') return { folder, step };
  const last = (await checkpointSteps(folder)).at(-1);
  if (last === undefined) throw new UsageError(`The run ${folder} has no checkpoints.`);
  return { folder, step: last };
}

function describeWeights({ changes, unmatched }: WeightDifference): string {
  const number = (value: number | null) => value?.toPrecision(4) ?? 'not finite';
  const table = textTable(
    [
      { heading: 'tensor', align: 'start' },
      { heading: 'shape', align: 'end' },
      { heading: 'norm of change', align: 'end' },
      { heading: 'relative', align: 'end' },
    ],
    changes.map(({ tensor, shape, norm, relative }) => [tensor, shape.join('x'), number(norm), number(relative)]),
  );
  return unmatched.length === 0 ? table : `${table}\nOnly in one, or of different shapes: ${unmatched.join(', ')}\n`;
}

/** Mean surprisal, mean activations, the surprisal of each token, and the written texts, side by side. */
function describeReadings({ readings }: CheckpointReadings): string {
  const [a, b] = readings;
  const columns = [
    { heading: 'a', align: 'end' },
    { heading: 'b', align: 'end' },
  ] as const;
  const number = (value: number | null | undefined) => value?.toFixed(4) ?? '-';
  const nameOf = (of: CheckpointReading['activations'][number]) => `${of.layer} ${of.direction} ${of.activation}`;
  const activations = a.activations.map((of) => {
    const other = b.activations.find((each) => nameOf(each) === nameOf(of));
    return [`mean ${nameOf(of)}`, number(mean(of.means)), number(mean(other?.means ?? []))];
  });
  const summary = textTable(
    [{ heading: 'reading', align: 'start' }, ...columns],
    [['mean surprisal (nats)', number(mean(a.surprisal)), number(mean(b.surprisal))], ...activations],
  );
  const isAligned = a.tokens.join('\0') === b.tokens.join('\0');
  const surprisals = isAligned
    ? textTable(
        [{ heading: 'token', align: 'start' }, ...columns],
        a.tokens.map((token, at) => [JSON.stringify(token), number(a.surprisal[at]), number(b.surprisal[at])]),
      )
    : 'The tokens of the two models differ, so the surprisals of single tokens are not next to each other.\n';
  const written = readings.flatMap(({ written: text }, place) =>
    text === null ? [] : [`\n${place === 0 ? 'a' : 'b'} writes:\n${text}\n`],
  );
  return `${summary}\n${surprisals}${written.join('')}`;
}

/** Mean of the numbers that exist; undefined without one. */
function mean(values: readonly (number | null)[]): number | undefined {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0) / present.length;
}
