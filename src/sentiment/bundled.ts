import { join } from 'node:path';
import { disk } from '../platform/files.ts';
import { sha256Hex } from '../platform/hashing.ts';
import { pathOf } from '../platform/system.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { decodeModel } from './modelFile.ts';
import { HASH_FILE, MODEL_FILE, SentimentModel, type SentimentParts } from './sentimentModel.ts';

/** Folder of the bundled model: next to the bundle's folder, or above the sources. */
export const bundledSentiment = pathOf(
  new URL(import.meta.url.endsWith('.ts') ? '../../media/sentiment/' : '../media/sentiment/', import.meta.url),
);

/**
 * Reads the bundled model.
 * @throws PhrasedError if its file is not the one that was packaged
 */
export async function readBundledSentiment(folder = bundledSentiment): Promise<SentimentParts> {
  const path = join(folder, MODEL_FILE);
  const [bytes, hash] = await Promise.all([disk.read(path), disk.readText(join(folder, HASH_FILE))]);
  if (sha256Hex(bytes) !== hash.trim())
    throw new PhrasedError(phrase('The bundled model {0} is damaged. Install Sequence Lab again.', path));
  return decodeModel(bytes);
}

/** Loads the bundled model on the current backend. @throws PhrasedError as `readBundledSentiment` */
export async function loadBundledSentiment(folder = bundledSentiment): Promise<SentimentModel> {
  return new SentimentModel(await readBundledSentiment(folder));
}
