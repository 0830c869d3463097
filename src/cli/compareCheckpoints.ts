import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WeightDifference } from '../protocol/difference.ts';
import type { StoredCheckpoint } from '../protocol/trainer.ts';
import { checkpointSteps } from '../runs/checkpoints.ts';
import { compareWeights } from '../worker/checkpoints/compareWeights.ts';
import { UsageError } from './exitCodes.ts';
import { findRun } from './findRun.ts';
import { textTable } from './textTable.ts';

/** The name of a checkpoint on the command line: that of its run, and its step or `last`. */
interface CheckpointName {
  readonly run: string;
  readonly step: number | 'last';
}

/** Parses `RUN@STEP` or `RUN@last`; undefined for another name, such as a folder with an `@`. */
export function checkpointName(name: string): CheckpointName | undefined {
  const [, run, step] = /^(.+)@(\d+|last)$/.exec(name) ?? [];
  if (run === undefined || step === undefined || existsSync(resolve(name, 'run.json'))) return undefined;
  return { run, step: step === 'last' ? step : Number(step) };
}

/** `sequence-lab compare RUN@STEP RUN@STEP`. @throws UsageError unless there are exactly two checkpoints */
export async function compareCheckpoints(
  names: readonly string[],
  checkpoints: readonly CheckpointName[],
  json: boolean,
): Promise<void> {
  const [a, b] = checkpoints;
  if (!a || !b || names.length !== 2)
    throw new UsageError('Compare two checkpoints, such as RUN@100 and RUN@last; both need a step.');
  const pair = [await find(a), await find(b)] as const;
  const weights = await compareWeights(pair);
  if (json) {
    process.stdout.write(`${JSON.stringify({ checkpoints: pair, weights })}\n`);
    return;
  }
  const legend = pair
    .map(({ folder, step }, place) => `${place === 0 ? 'a' : 'b'}  ${folder}, step ${step}\n`)
    .join('');
  process.stdout.write(`${legend}\n${describeWeights(weights)}`);
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
