import * as z from 'zod';
import { defaultDrawing, drawingFields } from '../config/drawing.ts';

/** The tab "Generate" of the panel: texts that a run's model writes, token by token, with the probabilities of each. */

/** Bounds of a request, and the number of candidates of each token. */
export const MAX_GENERATED = 5000;
export const MAX_PROMPT = 10_000;
export const MAX_BEAM = 64;
export const MAX_SAMPLES = 64;
export const CANDIDATES = 10;

const probability = z.number().min(0).max(1);

/** A token of a distribution. */
const candidate = z.object({
  token: z.string(),
  /** Probability in the model, at temperature 1. */
  before: probability,
  /** Probability with which it was drawn: after all rules of drawing, 0 for marks and placeholders. */
  after: probability,
});

const drawnToken = z.object({
  ...candidate.shape,
  /** -ln of `before`, in nats; null for infinity, which JSON does not have. */
  surprisal: z.number().nonnegative().nullable(),
  /** The `CANDIDATES` most likely tokens of the model, most likely first. */
  top: z.array(candidate),
});

const generatedPiece = z.object({
  /** Text that the token adds; empty for the mark at the end of a text. */
  text: z.string(),
  /** Null for a text that the model did not write, such as a label. */
  drawn: drawnToken.nullable(),
  /** Number of the text that begins with this piece, from 1; absent within a text, and if there is one text only. */
  begins: z.int().positive().optional(),
});

/** What a model writes. */
export const writerForm = z.object({
  /** Continues a prompt, writes texts for a label, or converts a text into another one. */
  kind: z.enum(['continues', 'labeled', 'converts']),
  tokenKind: z.enum(['character', 'word', 'subword']),
  /** Labels of a model that writes for labels. */
  labels: z.array(z.string()),
  /** Beam width of a model that converts texts, as its run is configured; 1 is greedy decoding. */
  beam: z.int().positive(),
});

/** What to write. A field that the kind of model does not use has its default: see `requestFields`. */
export const generationRequest = z.object({
  /** Text to continue, or to convert. */
  prompt: z.string().max(MAX_PROMPT),
  /** Label to write for; null for each label in turn. */
  label: z.string().nullable(),
  /** Number of characters or words; a text of a label or a conversion ends with its mark. */
  length: z.int().min(1).max(MAX_GENERATED),
  ...drawingFields,
  seed: z.int().nonnegative(),
  /** Number of texts that continue the prompt, each drawn with different random numbers. */
  samples: z.int().min(1).max(MAX_SAMPLES).default(1),
  /** Width of the beam search whose texts are listed at the end; 1: no beam search. */
  beam: z.int().min(1).max(MAX_BEAM),
});

/** Fields besides the prompt. */
export type RequestField = Exclude<keyof GenerationRequest, 'prompt'>;

/** A request in which only the prompt is missing. */
export const defaultRequest: Omit<GenerationRequest, 'prompt'> = {
  ...defaultDrawing,
  label: null,
  length: 500,
  seed: 1,
  samples: 1,
  beam: 1,
};

/** Fields that drawing reads. */
const DRAWN = [
  'temperature',
  'length',
  'topK',
  'seed',
  'topP',
  'minP',
  'repetitionPenalty',
  'stop',
] as const satisfies readonly RequestField[];

/** Fields that each kind of model uses. Forms offer no others, and requests with others are refused. */
export const requestFields: Readonly<Record<WriterForm['kind'], readonly RequestField[]>> = {
  continues: [...DRAWN, 'samples', 'beam'],
  labeled: [...DRAWN, 'label'],
  // A conversion is greedy, and ends with its mark.
  converts: ['beam'],
};

/** A request with the defaults in place of what a kind of model does not use. */
export function usedRequest(request: GenerationRequest, kind: WriterForm['kind']): GenerationRequest {
  const used = requestFields[kind].map((field) => [field, request[field]] as const);
  return { prompt: request.prompt, ...defaultRequest, ...Object.fromEntries(used) };
}

/** Texts that a beam search has found, best first. */
const beamText = z.object({
  text: z.string(),
  /** Log probability per token, with an end mark, in nats. */
  logProbability: z.number(),
});

/** A part of a generated text, and with the last part its end. */
export const generationPart = z.object({
  pieces: z.array(generatedPiece),
  end: z.object({ reason: z.enum(['complete', 'canceled']), beam: z.array(beamText) }).nullable(),
});

/** A complete text: with its tokens if it was drawn, or with its likelihood if a beam search found it. */
export const generatedText = z.object({
  text: z.string(),
  /** Parts of the text with their probabilities; absent unless they are asked for. */
  pieces: z.array(generatedPiece).optional(),
  logProbability: beamText.shape.logProbability.optional(),
});

/** A generation that has begun. */
export const begunGeneration = z.object({
  id: z.int(),
  /** Optimizer steps of the model that writes. */
  step: z.int().nonnegative(),
  /** Tokens of the prompt that are not in the vocabulary, each once, in their order. */
  unknown: z.array(z.string()),
});

export type DrawnToken = z.output<typeof drawnToken>;
export type GeneratedPiece = z.output<typeof generatedPiece>;
export type WriterForm = z.output<typeof writerForm>;
export type GenerationRequest = z.output<typeof generationRequest>;
export type GenerationPart = z.output<typeof generationPart>;
export type BegunGeneration = z.output<typeof begunGeneration>;
export type GeneratedText = z.output<typeof generatedText>;
