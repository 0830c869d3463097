import * as z from 'zod';
import {
  activationMap,
  activationRequest,
  connectivity,
  connectivityRequest,
  inspection,
  unitRequest,
  unitTraces,
} from './inspection.ts';
import { explainedGradient, explainedStep, explainGradientRequest, explainStepRequest } from './explain.ts';
import { activationName } from './probes.ts';
import { direction } from './verdicts.ts';

/** The tabs "Gates", "Explain" and "Text" of the panel: the run's model on the text in the active editor. */

/** Bounds of the number of tokens to read around the cursor. */
export const MAX_TOKENS = 500;
export const MIN_TOKENS = 20;

const openText = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('read'),
    /** Name of the file or document. */
    name: z.string(),
    /**
     * Where the text is if no editor shows it: in a tab behind another one, with the run that was trained on it, or in
     * what another program has logged.
     */
    elsewhere: z.enum(['tab', 'run', 'logged']).optional(),
    /** Row of a table that was read; its column is null if the whole row was read. */
    row: z.object({ line: z.int().positive(), column: z.string().nullable() }).nullable(),
    tokenKind: z.enum(['character', 'word', 'subword']),
    /** Index of the token at the cursor. */
    cursor: z.int().nonnegative(),
    inspection,
  }),
  z.object({
    state: z.literal('unread'),
    /** Reason for the user why there is nothing to show. */
    reason: z.string(),
    /** Document that a run could be trained on, offered as a remedy. */
    trainable: z.string().nullable(),
  }),
]);

/** A unit of a model and one of its activations. */
export const unitChoice = z.object({
  layer: z.string(),
  direction,
  activation: activationName,
  unit: z.int().nonnegative(),
});

/** Functions that the panel serves; called only while one of these tabs is on screen. */
export const openTextContract = {
  openText: { args: z.tuple([openText]) },
} as const;

/** Functions that the host serves to the panel. Maps, traces and norms belong to the inspection that was sent last. */
export const openTextHostContract = {
  /** Sets the number of tokens to read around the cursor. */
  readTokens: { args: z.tuple([z.int().min(MIN_TOKENS).max(MAX_TOKENS)]) },
  activationMap: { args: z.tuple([activationRequest]), result: activationMap },
  unitTraces: { args: z.tuple([unitRequest]), result: unitTraces },
  connectivity: { args: z.tuple([connectivityRequest]), result: connectivity },
  explainStep: { args: z.tuple([explainStepRequest]), result: explainedStep },
  explainGradient: { args: z.tuple([explainGradientRequest]), result: explainedGradient },
  /** Puts the cursor of the editor before a token. */
  goToToken: { args: z.tuple([z.int().nonnegative()]), result: z.void() },
  /** Colors the text in the editor by a unit, or by surprisal. */
  colorByUnit: { args: z.tuple([unitChoice]), result: z.void() },
  colorBySurprisal: { args: z.tuple([]), result: z.void() },
  /** Lists the contexts in which a unit is most active. */
  findFirings: { args: z.tuple([unitChoice]), result: z.void() },
  /** Trains a run on the document that is open. */
  trainOpenText: { args: z.tuple([]), result: z.void() },
} as const;

export type OpenText = z.output<typeof openText>;
export type UnitChoice = z.output<typeof unitChoice>;
