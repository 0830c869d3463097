import * as z from 'zod';
import { ACTIVATION_NAMES, CELL_NAMES } from '../config/cells.ts';
import { text } from '../phrases/phrase.ts';
import { flow, type Flow, worstFirst } from './flow.ts';
import { advice, direction, finding, headline, learning } from './verdicts.ts';

/**
 * Measurements of a probe of gradients and gates: the events of the trainer, the input of the views and, under their
 * stable names, the files under `probes/` of a run and the output of `sequence-lab probe --json`.
 *
 * Norms are L2 over units, per sequence and multiplied by the batch size so that they do not shrink with it, then the
 * root mean square over sequences. JSON has no NaN or Infinity: a value that is not finite is null.
 */
const measured = z.number().nullable();

/**
 * Values by lag. Index 0 is the last unmasked step, index timeSteps the state before the first; a backward direction
 * counts the other way, from the last step that it processes. Empty if the probe left the quantity out: the expensive
 * ones (the Jacobian products, the lag matrix, the spectral radius) are measured in every tenth probe of a run, and in
 * every probe on demand.
 */
export const lagCurve = z.array(measured);

export const cell = z.enum(CELL_NAMES);

/** Gates and states that a cell computes at each step. */
export const activationName = z.enum(ACTIVATION_NAMES);

/** Maximum number of rows of a lag matrix; each costs one sequence. */
export const MAX_LAG_ROWS = 64;

/** Statistics of one gate over the probe batch. */
export const gateStatistics = z.object({
  gate: activationName,
  /** Shares of the values in 20 equal bins, from 0 to 1 for sigmoid gates, from -1 to 1 for the candidate. */
  histogram: z.array(z.number()).length(20),
  /** Share of values below 0.1 and above 0.9 (for the candidate below -0.9 and above 0.9). */
  low: z.number(),
  high: z.number(),
  /** The same shares for each unit: left- and right-saturated (Karpathy et al. 2015). */
  lowByUnit: z.array(z.number()),
  highByUnit: z.array(z.number()),
});

/** Gradient flow and gates of one layer in one direction. */
const layerProbe = z.object({
  layer: z.string(),
  direction,
  cell,
  units: z.int().positive(),
  /** ||dL/dh_t|| and, for the LSTM, ||dL/dc_t||: the gradient of all losses at each step. */
  summed: z.object({ h: lagCurve, c: lagCurve.nullable() }),
  /** ||dL_T/dh_t|| and ||dL_T/dc_t||: only the last step's loss flows back; each relative to its value at lag 0. */
  lastStep: z.object({ h: lagCurve, c: lagCurve.nullable() }),
  /** The norm at lag 0 that `lastStep.h` is relative to. */
  lastStepNorm: measured,
  /**
   * Largest singular value of ds_t/ds_k by lag t - k, with the whole state (s = h, or [h; c] for the LSTM), and of its
   * h block; from the last step of the first sequence. In long windows it is measured at some lags, and null at those
   * between: a curve is drawn through the gaps.
   */
  jacobian: z.object({ state: lagCurve, h: lagCurve }),
  /** Quantities that this cell does not define, so that no probe of it can measure them. */
  unavailable: z.array(z.enum(['jacobian'])).optional(),
  /**
   * Largest singular value and spectral radius of the recurrent kernel, the largest over the gates where there are
   * several; the radius is null where it was left out.
   */
  sigmaMax: measured,
  spectralRadius: measured,
  /** Mean bias of the forget gate, and the mean product of forget gates from the last step back by lag; LSTM only. */
  forgetBias: z.number().nullable(),
  forgetProduct: lagCurve.nullable(),
  /** First lag at which `lastStep.h` is below 1 %; null if there is none within the window. */
  effectiveMemory: z.int().nonnegative().nullable(),
  /**
   * ||dL_t/dh_{t-k}|| in the first sequence, by row t (loss of step t) and column k (lag). Rows grow: row t has t + 1
   * values and h_0 (a backward direction has its longest row first). Rows of steps without a loss, and in windows of
   * more than `MAX_LAG_ROWS` steps all but the last, are empty; without any row the probe left it out.
   */
  lagMatrix: z.array(lagCurve),
  /** Statistics of the gates; for the simple RNN with tanh, of its hidden state with the range of a candidate. */
  gates: z.array(gateStatistics),
});

export const parameterProbe = z.object({
  name: z.string(),
  /** L2 norm of the gradient before clipping. */
  gradientNorm: measured,
  weightNorm: measured,
  /** Norm of the optimizer's last update over the norm of the weights; null before the first update. */
  updateRatio: measured,
});

/** A fact about the network that is no verdict: learning may go well with it. */
const fact = z.object({
  fact: z.enum(['clipped', 'saturated', 'untrained', 'forgetting']),
  sentence: text,
  numbers: z.record(z.string(), measured),
});

const probeSource = z.enum(['batch', 'text']);

/** State that each sequence starts from: zeros, or the state after what precedes it in the text. */
export const probeStart = z.enum(['zero', 'carried']);

/** What forgetting costs: the loss of a token given only the last tokens, and given the whole window. */
const forgetting = z.object({
  /** Number of tokens that the shorter context has. */
  context: z.int().positive(),
  /** Mean losses over the positions, in the unit of the run's loss. */
  cut: z.number(),
  full: z.number(),
  /** Standard error of the mean difference. */
  error: z.number(),
  /** Number of positions. */
  positions: z.int().positive(),
});

export const probe = z.object({
  /** Completed optimizer steps when the probe was taken. */
  step: z.int().nonnegative(),
  /** The run's fixed probe batch, or the open text. */
  source: probeSource,
  start: probeStart.default('zero'),
  timeSteps: z.int().positive(),
  batch: z.int().positive(),
  /** Mean loss of the batch per step, in the unit of the run's loss. */
  loss: measured,
  /** Duration of the probe. */
  seconds: z.number().nonnegative(),
  /** One entry per direction of each recurrent layer, first layer first. The views show the last forward one first. */
  layers: z.array(layerProbe).min(1),
  parameters: z.array(parameterProbe),
  /** Global gradient norm before and after clipping. */
  gradientNorm: measured,
  clippedGradientNorm: measured,
  /** Share of the last 100 training steps that were clipped. */
  clippedShare: z.number(),
  /** Gradient flow of every layer and direction, in the order of `layers`. */
  flow: z.array(flow),
  /** Cost of a context as short as the gradient reaches; null if not measured. Only for texts, and on demand. */
  forgetting: forgetting.nullable().default(null),
  /** Verdicts on learning at the last validation, that of the same step included; null without a training run. */
  learning: learning.nullable(),
  /** The headline, the first that applies. */
  verdict: headline,
  /** All verdicts that hold: on learning, then on each layer and direction, worst first. */
  verdicts: z.array(finding),
  facts: z.array(fact),
  /** Advice, most promising first. */
  advice: z.array(advice),
});

export type LagCurve = z.output<typeof lagCurve>;
export type ActivationName = z.output<typeof activationName>;
export type GateStatistics = z.output<typeof gateStatistics>;
export type LayerProbe = z.output<typeof layerProbe>;
export type ParameterProbe = z.output<typeof parameterProbe>;
export type Fact = z.output<typeof fact>;
export type Forgetting = z.output<typeof forgetting>;
export type ProbeStart = z.output<typeof probeStart>;
export type ProbeSource = z.output<typeof probeSource>;
export type Probe = z.output<typeof probe>;

/** Whether a probe includes the measurements of every tenth probe: Jacobian products and lag matrix. */
export function isComplete({ layers }: Probe): boolean {
  return layers.some(({ lagMatrix }) => lagMatrix.length > 0);
}

/** One direction of a layer. */
export type LayerName = Pick<LayerProbe, 'layer' | 'direction'>;

export function isLayer(a: LayerName, b: LayerName): boolean {
  return a.layer === b.layer && a.direction === b.direction;
}

/** The layer and direction with the worst flow: the one that the views show first. */
export function judgedDirection({ layers, flow: flows }: Pick<Probe, 'layers' | 'flow'>): {
  readonly layer: LayerProbe;
  readonly flow: Flow;
} {
  const [worst] = worstFirst(flows);
  const layer = worst && layers.find((each) => isLayer(each, worst));
  if (!layer) throw new RangeError('A probe has at least one recurrent layer.');
  return { layer, flow: worst };
}
