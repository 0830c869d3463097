import type { GeneratedPiece, GeneratedText } from '../protocol/generation.ts';
import type { GenerateRequest } from '../protocol/trainer.ts';
import { taskOf } from '../config/tasks.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { checkRequest } from './inspector/checkRequest.ts';
import { describedPieces, textPieces } from './inspector/writtenTexts.ts';
import { betweenTurns } from './turns.ts';
import { withStoredModel } from './withStoredModel.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

/** Minimum number of characters per message. */
const PIECE = 16;

/**
 * Writes texts with a run's saved model, on the backend that the run was trained with: by drawing tokens, or by a beam
 * search.
 * @param onPiece receives a single drawn text as it is written
 * @returns the texts, or what was written before the signal was aborted
 * @throws ConfigError for fields of the request that the model does not use
 * @throws Error if the run or its model cannot be read, or if it writes no text
 */
export async function generate(
  { folder, backends, describe, ...request }: GenerateRequest,
  onPiece: (piece: string) => void,
  signal: AbortSignal,
): Promise<GeneratedText[]> {
  const { id, config } = await readOwnRecord(folder);
  const { title } = taskOf(config.task);
  return withStoredModel(folder, backends, async ({ writer }) => {
    if (!writer)
      throw new UnusableError(phrase('The run {0} was trained for the task "{1}", which writes no text.', id, title));
    checkRequest(writer.form, request);
    if (request.beam > 1) {
      const isOver = betweenTurns(() => signal.aborted);
      return [...((await writer.beam?.({ ...request, width: request.beam, isOver })) ?? [])];
    }
    const pieces = describe ? describedPieces(writer, request) : textPieces(writer, request);
    return gather(pieces, request.samples === 1 ? onPiece : () => undefined, { describe, signal });
  });
}

/** Collects the pieces of each text, and passes them on in groups. */
async function gather(
  pieces: AsyncIterable<GeneratedPiece>,
  onPiece: (piece: string) => void,
  { describe, signal }: { readonly describe: boolean; readonly signal: AbortSignal },
): Promise<GeneratedText[]> {
  const texts: GeneratedPiece[][] = [[]];
  let group = '';
  const isOver = betweenTurns(() => signal.aborted);
  for await (const { begins, ...piece } of pieces) {
    if (begins !== undefined && begins > 1) texts.push([]);
    // A piece that only marks the beginning of a text is no part of it.
    if (begins === undefined || piece.text !== '') texts.at(-1)!.push(piece);
    group += piece.text;
    if (group.length >= PIECE) {
      onPiece(group);
      group = '';
    }
    if (await isOver()) break;
  }
  if (group !== '') onPiece(group);
  return texts.map((each) => ({ text: each.map(({ text }) => text).join(''), ...(describe && { pieces: each }) }));
}
