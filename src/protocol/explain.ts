import * as z from 'zod';
import { CELL_FORMS } from '../config/cells.ts';
import { activationName, cell } from './probes.ts';
import { direction } from './verdicts.ts';

/** One unit of a recurrent layer at one token, explained: every number of its equations and where it comes from. */

/** Number of terms of a sum that are listed one by one; the others are added up. */
export const EXPLAINED_TERMS = 8;

/** Number of outputs that are listed, most likely first; the correct one is listed in any case. */
export const EXPLAINED_OUTPUTS = 5;

/** Product of a weight and a value. What `index` counts depends on the sum. */
const term = z.object({
  index: z.int().nonnegative(),
  /** Token or label of an output; absent for other terms. */
  token: z.string().optional(),
  weight: z.number(),
  value: z.number(),
  product: z.number(),
});

/** Sum of products: the largest ones, largest size first, and all others added up. */
const sum = z.object({
  total: z.number(),
  terms: z.array(term).max(EXPLAINED_TERMS),
  rest: z.object({ count: z.int().nonnegative(), total: z.number() }),
});

/** Unit of a layer at a token of an inspection. */
const unitAt = z.object({
  inspection: z.int().nonnegative(),
  layer: z.string(),
  direction,
  unit: z.int().nonnegative(),
  token: z.int().nonnegative(),
});

export const explainStepRequest = unitAt;

const gate = z.object({
  /** `hidden` for a simple RNN, whose only gate is its hidden state. */
  gate: activationName,
  /** Terms of x_t; the index of a term is a token id, a dimension of the embedding, or an output of the layer below. */
  input: sum,
  /** Terms of h_{t-1}, or r_t * h_{t-1}; the index is a unit. */
  recurrent: sum,
  bias: z.number(),
  /** Bias of the recurrent part; null without one. */
  recurrentBias: z.number().nullable(),
  /** Factor of the recurrent part and its bias: the reset gate of a GRU with `resetAfter`; null without one. */
  factor: z.number().nullable(),
  /** Value before and after the activation. */
  total: z.number(),
  value: z.number(),
});

/** Answer of the model after the token. */
const output = z.object({
  index: z.int().nonnegative(),
  token: z.string(),
  /** Terms of the logit: outputs of the last layer. */
  sum,
  bias: z.number(),
  logit: z.number(),
  probability: z.number(),
  /** Part of the logit that comes from the explained unit; null if it is not in the last layer. */
  fromUnit: z.number().nullable(),
});

export const explainedStep = z.object({
  cell,
  form: z.enum(CELL_FORMS),
  units: z.int().positive(),
  /** What the layer reads: one-hot or embedded tokens, or the layer below. */
  reads: z.enum(['one-hot', 'embedding', 'layer']),
  /** Second factor of the recurrent weights, if they are a product of two matrices. */
  recurrentFactor: z.enum(['output', 'projection']).nullable(),
  gates: z.array(gate),
  /** State of the unit before and after the step; c is null for cells without it. */
  before: z.object({ h: z.number(), c: z.number().nullable() }),
  state: z.object({ h: z.number(), c: z.number().nullable() }),
  outputs: z.array(output),
  /** Index of the correct output: the next token of the text; null if it is unknown. */
  target: z.int().nonnegative().nullable(),
});

/** Path by which a gradient arrives at a state. */
const gradientPath = z.enum([
  /** At h_t: from the logits of the step. */
  'output',
  /** At h_t: from a gate of the layer above at the same step. */
  'above',
  /** At h_t: from a gate of step t + 1. */
  'next',
  /** At h_t: from h_{t+1} of a GRU, which keeps a part of h_t. */
  'kept',
  /** At c_t: from h_t. */
  'hidden',
  /** At c_t: from c_{t+1}. */
  'cell',
]);

const gradientPart = z.object({
  path: gradientPath,
  /** Gate of the paths `above` and `next`. */
  gate: activationName.nullable(),
  /** The index of a term is an output for the path `output`, otherwise a unit. */
  sum,
  /** Factor of the sum: the reset gate of a GRU without `resetAfter`; null without one. */
  factor: z.number().nullable(),
  value: z.number(),
});

const gradient = z.object({ total: z.number(), parts: z.array(gradientPart) });

export const explainGradientRequest = unitAt.extend({
  /** Token after which the loss is; null for the sum of the losses after all tokens. */
  lossAt: z.int().nonnegative().nullable(),
  /** Recurrent weight whose gradient is explained: that of a gate, from a unit at the step before. */
  gate: activationName,
  from: z.int().nonnegative(),
});

/** Gradient of a loss by the states of one unit, and by one recurrent weight, step by step. */
export const explainedGradient = z.object({
  /** Loss in nats. */
  loss: z.number(),
  h: gradient,
  /** Null for cells without a cell state. */
  c: gradient.nullable(),
  /** Gradient by each gate after its activation, the slope of the activation, and their product. */
  gates: z.array(z.object({ gate: activationName, byValue: z.number(), slope: z.number(), total: z.number() })),
  weight: z.object({
    value: z.number(),
    /** Gradient by the weight, and L2 norm of that by all recurrent weights of the layer. */
    total: z.number(),
    norm: z.number(),
    /** Contribution of each step up to the last one with a loss, `[token]`. */
    steps: z.array(
      z.object({
        /** dL/dh_k of the unit, and its L2 norm over units. */
        h: z.number(),
        hNorm: z.number(),
        /** Contribution to the gradient by the weight, and L2 norm of that by all recurrent weights. */
        value: z.number(),
        norm: z.number(),
      }),
    ),
  }),
});

export type ExplainedSum = z.output<typeof sum>;
export type ExplainedGate = z.output<typeof gate>;
export type ExplainedOutput = z.output<typeof output>;
export type ExplainStepRequest = z.output<typeof explainStepRequest>;
export type ExplainedStep = z.output<typeof explainedStep>;
export type GradientPart = z.output<typeof gradientPart>;
export type ExplainedStateGradient = z.output<typeof gradient>;
export type ExplainGradientRequest = z.output<typeof explainGradientRequest>;
export type ExplainedGradient = z.output<typeof explainedGradient>;
