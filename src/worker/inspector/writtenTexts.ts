import { drawingOf } from '../../config/drawing.ts';
import { measured } from '../../judgment/numbers.ts';
import { CANDIDATES, type DrawnToken, type GeneratedPiece, type GenerationRequest } from '../../protocol/generation.ts';
import { Generator } from '../../random/generator.ts';
import { describeDraw, type Draw, type DrawingRule, NOT_A_NUMBER } from '../../training/drawing.ts';
import type { TextWriter } from '../../training/textWriter.ts';
import type { WrittenPiece } from '../../training/writing.ts';
import { PhrasedError } from '../../phrases/phrase.ts';

/** The texts of a request, one after the other, without probabilities. */
export async function* textPieces(
  writer: TextWriter,
  request: GenerationRequest,
): AsyncGenerator<GeneratedPiece, void, void> {
  for await (const { text, begins } of writtenPieces(writer, request))
    yield { text, drawn: null, ...(begins !== undefined && { begins }) };
}

/**
 * The texts of a request, one after the other, each token with its probabilities.
 * @throws Error if the output of the model is not finite
 */
export async function* describedPieces(
  writer: TextWriter,
  request: GenerationRequest,
): AsyncGenerator<GeneratedPiece, void, void> {
  const { form, tokens, unwritten } = writer;
  // A conversion is greedy.
  const rule = form.kind === 'converts' ? { temperature: 0, unwritten } : { ...drawingOf(request), unwritten };
  for await (const { text, draw, begins } of writtenPieces(writer, request))
    yield { text, drawn: draw && describe(draw, tokens, rule), ...(begins !== undefined && { begins }) };
}

/** The random numbers of a text depend on its number, not on how many texts there are. */
async function* writtenPieces(
  writer: TextWriter,
  request: GenerationRequest,
): AsyncGenerator<WrittenPiece & { readonly begins?: number }, void, void> {
  const samples = writer.form.kind === 'continues' ? request.samples : 1;
  for (let number = 1; number <= samples; number++) {
    if (samples > 1) yield { text: '', draw: null, begins: number };
    const purpose = number === 1 ? 'generate' : `generate ${number}`;
    yield* writer.write({ ...request, generator: Generator.forPurpose(request.seed, purpose) });
  }
}

function describe(draw: Draw, tokens: readonly string[], rule: DrawingRule): DrawnToken {
  const { top, surprisal, ...drawn } = describeDraw(draw, tokens, rule, CANDIDATES);
  if (Number.isNaN(surprisal)) throw new PhrasedError(NOT_A_NUMBER);
  return { ...drawn, surprisal: measured(surprisal), top: [...top] };
}
