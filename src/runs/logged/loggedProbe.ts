import * as z from 'zod';
import { CELL_NAMES } from '../../config/cells.ts';
import { judge } from '../../judgment/diagnosis.ts';
import { judgeFlow } from '../../judgment/flow.ts';
import { effectiveMemory, relative, rootMeanSquare, type SequenceCurve } from '../../judgment/lagCurves.ts';
import { validationHistorySchema } from '../../judgment/learning.ts';
import { measured, measuredAll } from '../../judgment/numbers.ts';
import { gateStatistics, lagCurve, type LayerProbe, parameterProbe, type Probe } from '../../protocol/probes.ts';
import { direction } from '../../protocol/verdicts.ts';
import { loggedContext, loggedLearning } from './loggedRecord.ts';

/**
 * A probe in the folder of a run that another program logs: what it measured, a curve for each sequence. The verdicts
 * are formed here, by the code that judges our own probes.
 */

/** Most sequences, lags, layers and parameters that are read. */
const MOST = { sequences: 256, lags: 5001, layers: 200, parameters: 20_000 } as const;

/** Norm of the gradient by lag; null for one that is not finite. */
const curve = z.array(z.number().nonnegative().nullable()).min(2).max(MOST.lags);
const curves = z.array(curve).min(1).max(MOST.sequences);

/** ||dL/dh_t|| and, for a cell with a cell state, ||dL/dc_t|| of each sequence by lag. */
const norms = z
  .object({ h: curves, c: curves.nullable().default(null) })
  .refine(({ h, c }) => c === null || (c.length === h.length && c.every((each, i) => each.length === h[i]?.length)), {
    // eslint-disable-next-line lab/translated -- a detail of what is wrong with a file
    error: 'h and c need curves of the same lengths',
  });

const layer = z.object({
  layer: z.string().min(1).max(200),
  direction,
  cell: z.enum(CELL_NAMES),
  units: z.int().positive(),
  /** Of the last loss of each sequence. */
  lastStep: norms,
  /** Of the sum of all losses. */
  summed: norms.nullable().default(null),
  sigmaMax: z.number().nullable().default(null),
  spectralRadius: z.number().nullable().default(null),
  forgetBias: z.number().nullable().default(null),
  forgetProduct: lagCurve.nullable().default(null),
  gates: z.array(gateStatistics).max(20).default([]),
});

const schema = z.object({
  version: z.literal(1),
  origin: z.literal('logged'),
  step: z.int().nonnegative(),
  seconds: z.number().nonnegative().default(0),
  loss: z.number().nullable(),
  layers: z.array(layer).min(1).max(MOST.layers),
  parameters: z.array(parameterProbe).max(MOST.parameters).default([]),
  gradientNorm: z.number().nullable(),
  clippedGradientNorm: z.number().nullable().optional(),
  clippedShare: z.number().min(0).max(1).default(0),
  /** Validations so far, and what is needed to judge them. */
  validations: validationHistorySchema.nullable().default(null),
  context: loggedContext.prefault({}),
});

/** Settings that are not known; no text about a logged run depends on them. */
const UNKNOWN = {
  activation: 'tanh',
  forgetBias: 0,
  recurrentInitializer: '',
  recurrentGain: 1,
  learningRate: 0,
  clipNorm: 0,
  clipValue: 0,
  sequenceLength: null,
} as const;

/**
 * The probe of a logged run with its verdicts; other values are returned unchanged.
 * @throws z.ZodError that names the field
 */
export function judgedProbe(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('origin' in value) || value.origin !== 'logged') return value;
  const { step, seconds, loss, layers, parameters, gradientNorm, clippedShare, validations, context, ...others } =
    schema.parse(value);
  const probed = layers.map(layerOf);
  const flow = layers.map(({ layer: of, direction: reads, lastStep: { h, c } }) =>
    judgeFlow({ layer: of, direction: reads, h: h.map(curveOf), c: c && c.map(curveOf) }, true),
  );
  const learning = validations && loggedLearning(validations, context);
  const measurements = {
    ...{ step, loss, parameters, gradientNorm, clippedShare, flow, learning },
    layers: probed,
    forgetting: null,
  };
  const [first] = layers;
  const lengths = layers.map(({ lastStep: { h } }) => Math.max(...h.map(({ length }) => length)) - 1);
  return {
    ...measurements,
    source: 'batch',
    start: 'zero',
    timeSteps: Math.max(...lengths),
    batch: Math.max(...layers.map(({ summed, lastStep }) => (summed ?? lastStep).h.length)),
    seconds,
    clippedGradientNorm: others.clippedGradientNorm ?? gradientNorm,
    ...judge(measurements, {
      settings: { ...UNKNOWN, cell: first?.cell ?? 'lstm' },
      distance: null,
      // The settings of the training belong to another program, and so does what to change.
      isImported: true,
    }),
  } satisfies Probe;
}

function layerOf({ lastStep, summed, ...logged }: z.output<typeof layer>): LayerProbe {
  const [lastH, lastC] = [lastStep.h, lastStep.c].map((each) => each && rootMeanSquare(each.map(curveOf)));
  const decay = relative(lastH ?? []);
  const all = (each: (number | null)[][] | null | undefined) =>
    each ? measuredAll(rootMeanSquare(each.map(curveOf))) : null;
  return {
    ...logged,
    summed: { h: all(summed?.h) ?? [], c: all(summed?.c) },
    lastStep: { h: measuredAll(decay), c: lastC ? measuredAll(relative(lastC)) : null },
    lastStepNorm: measured(lastH?.[0] ?? NaN),
    jacobian: { state: [], h: [] },
    unavailable: ['jacobian'],
    effectiveMemory: effectiveMemory(decay),
    lagMatrix: [],
  };
}

function curveOf(values: readonly (number | null)[]): SequenceCurve {
  return Float64Array.from(values, (value) => value ?? NaN);
}
