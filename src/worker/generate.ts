import { yieldToEventLoop } from '../platform/system.ts';
import type { GenerateRequest } from '../protocol/trainer.ts';
import { Generator } from '../random/generator.ts';
import { taskOf } from '../config/tasks.ts';
import { readRecord } from '../runs/record.ts';
import { withStoredModel } from './withStoredModel.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Minimum number of characters per message. */
const PIECE = 16;

/**
 * Continues a text with a run's saved model, on the backend that the run was trained with.
 * @param onPiece receives the text as it is written
 * @returns the whole text, or the part written before the signal was aborted
 * @throws Error if the run or its model cannot be read
 */
export async function generate(
  { folder, prompt, label, length, temperature, topK = 0, seed, backends }: GenerateRequest,
  onPiece: (piece: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const { id, config } = await readRecord(folder);
  const { title, writes } = taskOf(config.task);
  if (!writes)
    throw new PhrasedError(
      phrase('The run {0} was trained for the task "{1}", which has no language model.', id, title),
    );
  return withStoredModel(folder, backends, async (stored) => {
    if (!stored.write)
      throw new PhrasedError(phrase('The stored model of the task "{0}" does not generate text.', title));
    let text = '';
    let piece = '';
    const generator = Generator.forPurpose(seed, 'generate');
    for await (const token of stored.write({ prompt, label, length, temperature, topK, generator })) {
      text += token;
      piece += token;
      if (piece.length >= PIECE) {
        onPiece(piece);
        piece = '';
        await yieldToEventLoop();
      }
      if (signal.aborted) break;
    }
    if (piece !== '') onPiece(piece);
    return text;
  });
}
