import * as z from 'zod';

/** Kinds of models of other programs. */
export const IMPORTED_KINDS = ['language-model', 'classifier', 'tagger', 'forecaster', 'sequence-to-sequence'] as const;

export type ImportedKind = (typeof IMPORTED_KINDS)[number];

/** Steps that a forecaster of another program reads, unless the user chooses another number. */
export const DEFAULT_WINDOW = 24;

/** Choices of the user where names and shapes of weights fit several structures. */
export const recognitionChoices = z.object({
  /** Module of the recurrent layers, if there are several. */
  recurrent: z.string().optional(),
  /** Module of the output layer, if several fit. */
  output: z.string().optional(),
  /** Kind of the model, where its weights fit several. */
  kind: z.enum(IMPORTED_KINDS).optional(),
  /** Activation of a simple RNN; tanh if omitted. */
  activation: z.enum(['tanh', 'relu']).optional(),
  /** How a classifier reduces its hidden states to one; the last state if omitted. */
  pooling: z.enum(['last', 'mean', 'max']).optional(),
});

export type RecognitionChoices = Readonly<z.output<typeof recognitionChoices>>;
