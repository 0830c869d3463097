import { yieldTurn } from '../data/yieldTurn.ts';
import type { GenerateRequest } from '../protocol/trainer.ts';
import { Generator } from '../random/generator.ts';
import { readRecord } from '../runs/record.ts';
import { writeText } from '../training/writing.ts';
import { reloadBackend } from './chooseBackend.ts';
import { loadTrainedModel, requireLanguageModel } from './trainedModel.ts';

/** Characters that are sent together. */
const PIECE = 16;

/**
 * Continues a text with a run's saved model, on the backend that the run was trained with.
 * @param onPiece receives the text as it is written
 * @returns the whole text; what there is of it when the signal was aborted
 * @throws Error when the run or its model cannot be read
 */
export async function generate(
  { folder, prompt, length, temperature, seed, backends }: GenerateRequest,
  onPiece: (piece: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const record = await readRecord(folder);
  requireLanguageModel(record);
  await reloadBackend(record.backend, backends);
  const { model, vocabulary } = await loadTrainedModel(folder);
  let text = '';
  let piece = '';
  const generator = Generator.forPurpose(seed, 'generate');
  for await (const character of writeText(model, vocabulary, { prompt, length, temperature, generator })) {
    text += character;
    piece += character;
    if (piece.length >= PIECE) {
      onPiece(piece);
      piece = '';
      await yieldTurn();
    }
    if (signal.aborted) break;
  }
  if (piece !== '') onPiece(piece);
  model.dispose();
  return text;
}
