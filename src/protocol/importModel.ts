import * as z from 'zod';
import { IMPORTED_KINDS, recognitionChoices } from '../config/recognitionChoices.ts';
import { text } from '../phrases/phrase.ts';

export const recognizeRequest = z.object({ file: z.string(), choices: recognitionChoices });

/** The structure of a model of another program, before it is imported. */
export const recognition = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('recognized'),
    /** Sentences that say what each part of the file was taken for. */
    found: z.array(text),
    cell: z.enum(['lstm', 'gru', 'rnn']),
    /** Kind that it was taken for; null for an export of this product, and if only the user can tell. */
    kind: z.enum(IMPORTED_KINDS).nullable(),
    /** Kinds that it can be, the most likely first; none for an export of this product. */
    kinds: z.array(z.enum(IMPORTED_KINDS)),
    inputs: z.int().positive(),
    outputs: z.int().positive(),
    isBidirectional: z.boolean(),
    /** Whether this product has exported it, so that its structure and its labels are known. */
    isExported: z.boolean(),
    /** Whether the file tells everything about the structure, so that nothing is left to choose. */
    isComplete: z.boolean(),
    /** Path of the vocabulary next to the weights, or of the weights if they have it; null without one. */
    vocabulary: z.string().nullable(),
    /** Whether a vocabulary of the target is next to the weights. */
    hasTargetVocabulary: z.boolean(),
  }),
  /** Several modules fit a choice. */
  z.object({
    state: z.literal('ambiguous'),
    choice: z.enum(['recurrent', 'output']),
    modules: z.array(z.string()),
  }),
]);

export const importedModel = z.object({ folder: z.string(), id: z.string() });

export type RecognizeRequest = z.output<typeof recognizeRequest>;
export type Recognition = z.output<typeof recognition>;
