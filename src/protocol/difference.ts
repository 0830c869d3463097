import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { activationMap } from './inspection.ts';
import { METRICS, type RunUnits, seriesName } from './metrics.ts';
import { activationName } from './probes.ts';
import type { Functions } from './rpc.ts';

/** The difference of two runs: of their configurations, their data, their trainers and their numbers. */

/** Ids of two runs. */
const pairOfRuns = z.tuple([z.string(), z.string()]);

const value = z.union([z.number(), z.string(), z.boolean()]).nullable();

/** Values of the first and of the second run; null where a run has none. */
const values = z.tuple([value, value]);
const numbers = z.tuple([z.number().nullable(), z.number().nullable()]);
const texts = z.tuple([z.string().nullable(), z.string().nullable()]);

/** Lines that only one of two texts has, in order, and whether the counts are exact or lower bounds. */
const changedLines = z.object({ added: z.int().nonnegative(), removed: z.int().nonnegative(), exact: z.boolean() });

const dataFile = z.object({
  /** Purpose of the file, such as `train`. */
  role: z.string(),
  sha256: texts,
  /** Null if the files are equal, or if one of them is not at hand with the hash of its run. */
  lines: changedLines.nullable(),
});

const numberDifference = z.object({
  step: z.int().nonnegative(),
  /** Null for a value that is not finite. */
  values: numbers,
  /** Distance in units in the last place: of float32 if both values are float32, otherwise of float64. */
  ulps: z.number().nullable(),
});

/** A measured quantity at the steps at which both runs have it. */
const comparedQuantity = z.object({
  metric: z.union([seriesName, z.literal('score')]),
  /** Name of the score; null for the other metrics. */
  name: z.string().nullable(),
  /** Steps at which both runs have a value, and those at which the values differ. */
  compared: z.int().positive(),
  differing: z.int().nonnegative(),
  /** The first difference; null if there is none. */
  first: numberDifference.nullable(),
  /** The difference of the largest absolute value; null if no finite values differ. */
  largest: numberDifference.nullable(),
});

export const runDifference = z.object({
  /** Ids of the runs. */
  runs: pairOfRuns,
  /** Fields of the configuration that differ, by their dotted paths, in the order of the schema. */
  config: z.array(z.object({ field: z.string(), values })),
  data: z.object({
    names: z.tuple([z.string(), z.string()]),
    /** Whether the bytes of the data are equal; null if both tasks generate their data. */
    equal: z.boolean().nullable(),
    /** The files that differ. */
    files: z.array(dataFile),
  }),
  /** Backends, versions, machines and commits that differ, each with the first step for which this holds. */
  trainers: z.array(z.object({ fact: z.string(), from: z.int().nonnegative(), values: texts })),
  /** Last steps of the logs. */
  steps: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  quantities: z.array(comparedQuantity),
});

/** Change of a weight tensor from one checkpoint to another one. */
const weightChange = z.object({
  tensor: z.string(),
  shape: z.array(z.int()),
  /** L2 norm of the difference. */
  norm: z.number().nonnegative().nullable(),
  /** The same relative to the L2 norm of the first tensor; null if that is zero or not finite. */
  relative: z.number().nonnegative().nullable(),
});

/** Change of the weights from one checkpoint to another one. */
export const weightDifference = z.object({
  /** Tensors of equal name and shape, the largest relative change first. */
  changes: z.array(weightChange),
  /** Names of tensors that only one checkpoint has, or that have different shapes. */
  unmatched: z.array(z.string()),
});

/** Two checkpoints: runs by their ids, and the step of each. */
const checkpointPair = z.object({
  runs: pairOfRuns,
  steps: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** Bounds of a passage that two checkpoints read, in tokens, and of the text that they write. */
export const MAX_COMPARED_TOKENS = 500;
const MAX_COMPARED_WRITING = 1000;

/** How two checkpoints read and write. */
export const readingOptions = z.object({
  /** Text to read; null: the end of the text of the first run. */
  passage: z.string().max(20_000).nullable(),
  /** Tokens to write after the passage, with one seed for both checkpoints; 0: none. */
  length: z.int().nonnegative().max(MAX_COMPARED_WRITING),
  temperature: z.number().min(0).max(10),
  seed: z.int().nonnegative(),
});

const checkpointReading = z.object({
  run: z.string(),
  step: z.int().nonnegative(),
  tokens: z.array(z.string()),
  /** -ln p of each token in nats; null for the first one, and for a model that does not predict the next token. */
  surprisal: z.array(z.number().nullable()),
  /** Mean activation of the units at each token, by layer, direction and activation; null if a unit is not finite. */
  activations: z.array(
    z.object({
      layer: z.string(),
      direction: z.string(),
      activation: z.string(),
      means: z.array(z.number().nullable()),
    }),
  ),
  /** Text that the model writes after the passage; null if it writes none. */
  written: z.string().nullable(),
});

/** An activation of both checkpoints at each unit and token. The two maps have one range, and their units in order. */
const activationPair = z.object({
  layer: z.string(),
  direction: z.string(),
  activation: activationName,
  /** Null for a checkpoint whose model does not have it. */
  maps: z.tuple([activationMap.nullable(), activationMap.nullable()]),
});

/** What two checkpoints make of one passage. */
export const checkpointReadings = z.object({
  passage: z.string(),
  readings: z.tuple([checkpointReading, checkpointReading]),
  maps: z.array(activationPair),
});

/** Functions that the host serves to the tab "Compare". */
export const differenceHostContract = {
  /** The difference of two stored runs. */
  runDifference: { args: z.tuple([pairOfRuns]), result: runDifference },
  /** Opens the data of two runs in a diff editor. @throws Error if the data of a run is not at hand */
  compareData: { args: z.tuple([z.object({ runs: pairOfRuns, role: z.string() })]), result: z.void() },
  /** Steps of the stored checkpoints of two runs, ascending. */
  checkpointSteps: { args: z.tuple([pairOfRuns]), result: z.tuple([z.array(z.int()), z.array(z.int())]) },
  compareWeights: { args: z.tuple([checkpointPair]), result: weightDifference },
  /** Lets two checkpoints read one passage and write. @throws Error if a model does not read texts */
  compareReadings: {
    args: z.tuple([z.object({ ...checkpointPair.shape, options: readingOptions })]),
    result: checkpointReadings,
  },
} as const;

export type DifferenceHostFunctions = Functions<typeof differenceHostContract>;
export type WeightChange = z.output<typeof weightChange>;
export type WeightDifference = z.output<typeof weightDifference>;
export type CheckpointReading = z.output<typeof checkpointReading>;
export type CheckpointReadings = z.output<typeof checkpointReadings>;
export type ActivationPair = z.output<typeof activationPair>;
export type CheckpointPair = z.output<typeof checkpointPair>;
export type ChangedLines = z.output<typeof changedLines>;
export type NumberDifference = z.output<typeof numberDifference>;
export type ComparedQuantity = z.output<typeof comparedQuantity>;
export type RunDifference = z.output<typeof runDifference>;

/** The quantity that differs first. Within a step, the numbers of training come before those of the validation. */
export function firstDifferent(quantities: readonly ComparedQuantity[]): ComparedQuantity | undefined {
  return quantities.reduce<ComparedQuantity | undefined>((earliest, each) => {
    const isEarlier = each.first !== null && each.first.step < (earliest?.first?.step ?? Infinity);
    return isEarlier ? each : earliest;
  }, undefined);
}

/** Name of a compared quantity in the language of this process. */
export function quantityLabel({ metric, name }: Pick<ComparedQuantity, 'metric' | 'name'>, units: RunUnits): string {
  return METRICS.find(({ key }) => key === metric)?.label(units) ?? l10n.t('Score "{0}"', name ?? '');
}
