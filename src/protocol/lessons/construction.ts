import * as z from 'zod';
import { flow } from '../flow.ts';

/** Lesson on gradient flow by construction, which a trainer computes from initial weights alone. */

export const CONSTRUCTION_LIMITS = { gain: { min: 0.5, max: 2 }, lag: { min: 5, max: 100 } } as const;

export const CONSTRUCTED_ACTIVATIONS = ['linear', 'tanh', 'relu'] as const;

export const CONSTRUCTED_MATRICES = ['orthogonal', 'gaussian'] as const;

/** Units of the constructed network. */
export const CONSTRUCTED_UNITS = 50;

const { gain, lag } = CONSTRUCTION_LIMITS;

export const constructionRequest = z.object({
  /** Factor applied to the recurrent matrix. */
  gain: z.number().min(gain.min).max(gain.max),
  activation: z.enum(CONSTRUCTED_ACTIVATIONS),
  /** An orthogonal matrix, or independent normal entries of variance 1 / units; both before the gain. */
  matrix: z.enum(CONSTRUCTED_MATRICES),
  /** Time steps from the loss back to the first state. */
  lag: z.int().min(lag.min).max(lag.max),
  /** Seed of the weights and the inputs. */
  seed: z.int().nonnegative(),
});

const constructionResult = z.object({
  /** Gradient of a loss at the last step, over random sequences. */
  flow,
  /** Singular values of the recurrent matrix, largest first. */
  singularValues: z.array(z.number()).length(CONSTRUCTED_UNITS),
});

/** Functions that the trainer serves to the host, and the host to the page. */
export const constructionLessonContract = {
  workConstruction: { args: z.tuple([constructionRequest]), result: constructionResult },
} as const;

export type ConstructionRequest = z.output<typeof constructionRequest>;
export type ConstructionResult = z.output<typeof constructionResult>;
