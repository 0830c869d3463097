import type { TaskName } from '../config/task.ts';
import type { RunRecord } from '../runs/record.ts';
import { openClassifier } from '../worker/tasks/classification/storedClassifier.ts';
import { openLanguageModel } from '../worker/tasks/storedLanguageModel.ts';
import type { StoredModel } from '../worker/tasks/storedModel.ts';
import { openTagger } from '../worker/tasks/tagging/storedTagger.ts';

type Open = (folder: string, record: Pick<RunRecord, 'config'>) => Promise<StoredModel>;

/** How to open the model of each task that a page runs. */
export const openers: Readonly<Partial<Record<TaskName, Open>>> = {
  'language-model': openLanguageModel,
  classification: openClassifier,
  tagging: openTagger,
};
