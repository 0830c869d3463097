import { join } from 'node:path';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { exists } from '../platform/files.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { type Classifier, sentimentClassifier } from '../sentiment/classifier.ts';
import { MODEL_FILE, SentimentModel } from '../sentiment/sentimentModel.ts';
import { openStored } from './openStored.ts';

/**
 * Loads the classifier of a run, or the sentiment model in its folder, on the current backend.
 * @throws Error for a run of another task
 */
export async function trainedClassifier(folder: string): Promise<Classifier> {
  if (await exists(join(folder, 'model', MODEL_FILE)))
    return sentimentClassifier(await SentimentModel.load(join(folder, 'model')));
  const record = await readOwnRecord(folder);
  const { classifier } = await openStored(folder, record);
  if (!classifier)
    throw new UnusableError(
      phrase('The run {0} was not trained to classify texts. Choose one of the task "classification".', record.id),
    );
  return classifier;
}
