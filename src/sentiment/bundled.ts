import { join } from 'node:path';
import { disk } from '../platform/files.ts';
import { sha256Hex } from '../platform/hashing.ts';
import { pathOf } from '../platform/system.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { HASH_FILE, MODEL_FILE, SentimentModel } from './sentimentModel.ts';

/** Folder of the bundled model: next to the bundle's folder, or above the sources. */
export const bundledSentiment = pathOf(
  new URL(import.meta.url.endsWith('.ts') ? '../../media/sentiment/' : '../media/sentiment/', import.meta.url),
);

/**
 * Loads the bundled model on the current backend.
 * @throws PhrasedError if its file is not the one that was packaged
 */
export async function loadBundledSentiment(folder = bundledSentiment): Promise<SentimentModel> {
  const path = join(folder, MODEL_FILE);
  const [bytes, hash] = await Promise.all([disk.read(path), disk.readText(join(folder, HASH_FILE))]);
  if (sha256Hex(bytes) !== hash.trim())
    throw new PhrasedError(phrase('The bundled model {0} is damaged. Install Sequence Lab again.', path));
  return SentimentModel.load(bytes);
}
