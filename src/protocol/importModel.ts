import * as z from 'zod';
import { text } from '../phrases/phrase.ts';

/** What the names and shapes of weights cannot tell, and the user chooses. */
const recognitionChoices = z.object({
  /** Module of the recurrent layers, if there are several. */
  recurrent: z.string().optional(),
  /** Module of the output layer, if several fit. */
  output: z.string().optional(),
  /** Activation of a simple RNN; tanh if omitted. */
  activation: z.enum(['tanh', 'relu']).optional(),
  /** How a classifier reduces its hidden states to one; the last state if omitted. */
  pooling: z.enum(['last', 'mean', 'max']).optional(),
});

export const recognizeRequest = z.object({ file: z.string(), choices: recognitionChoices });

/** The structure of a model of another program, before it is imported. */
export const recognition = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('recognized'),
    /** What each part of the file was taken for, in sentences. */
    found: z.array(text),
    cell: z.enum(['lstm', 'gru', 'rnn']),
    /** Whether its outputs are the next tokens; otherwise they are classes. */
    isLanguageModel: z.boolean(),
    outputs: z.int().positive(),
    /** Whether this product has exported it, so that its structure and its labels are known. */
    isExported: z.boolean(),
    /** Path of the vocabulary next to the weights; null without one. */
    vocabulary: z.string().nullable(),
  }),
  /** Several modules fit a choice. */
  z.object({ state: z.literal('ambiguous'), choice: z.enum(['recurrent', 'output']), modules: z.array(z.string()) }),
]);

export const importedModel = z.object({ folder: z.string(), id: z.string() });

export type RecognitionChoices = z.output<typeof recognitionChoices>;
export type RecognizeRequest = z.output<typeof recognizeRequest>;
export type Recognition = z.output<typeof recognition>;
