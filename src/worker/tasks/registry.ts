import type { TaskName } from '../../config/task.ts';
import { adding } from '../../data/synthetic/adding.ts';
import { copying } from '../../data/synthetic/copying.ts';
import { counting } from '../../data/synthetic/counting.ts';
import { dates } from '../../data/synthetic/dates.ts';
import { recall } from '../../data/synthetic/recall.ts';
import { reversing } from '../../data/synthetic/reversing.ts';
import { temporalOrder } from '../../data/synthetic/temporalOrder.ts';
import { classification } from './classification/classification.ts';
import { sequenceTask, stepwiseTask } from './generatedTask.ts';
import { languageModel } from './languageModel.ts';
import { conditionedGeneration } from './conditioned/conditionedGeneration.ts';
import { forecasting } from './forecasting/forecasting.ts';
import { generatedPairs } from './pairs/generatedPairs.ts';
import { sequenceToSequence } from './pairs/sequenceToSequence.ts';
import { tagging } from './tagging/tagging.ts';
import { ConfigError } from '../../config/parse.ts';
import { InputError } from '../../data/inputError.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { TaskKind } from './taskKind.ts';

/** Every kind of task, by its name in the configuration. */
const kinds: Readonly<Record<TaskName, TaskKind>> = {
  'language-model': languageModel,
  'temporal-order': sequenceTask('temporal-order', temporalOrder),
  classification,
  tagging,
  adding: sequenceTask('adding', adding),
  copying: stepwiseTask('copying', copying),
  counting: stepwiseTask('counting', counting),
  recall: sequenceTask('recall', recall(1), (task) => recall(task.name === 'recall' ? task.distance : 1)),
  'sequence-to-sequence': sequenceToSequence,
  forecasting,
  'conditioned-generation': conditionedGeneration,
  dates: generatedPairs('dates', () => dates),
  reversing: generatedPairs('reversing', (task) => reversing(task.name === 'reversing' ? task.longest : 1)),
};

/** Every kind of task. Opening a model names the run and what to do if a file of the model is damaged. */
export const taskKinds = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, { ...kind, open: opensWhole(kind) }]),
) as Readonly<Record<TaskName, TaskKind>>;

function opensWhole({ open }: TaskKind): TaskKind['open'] {
  return async (folder, record) => {
    try {
      return await open(folder, record);
    } catch (error) {
      if (error instanceof UnusableError || error instanceof InputError || error instanceof ConfigError) throw error;
      throw new UnusableError(
        phrase(
          'The model of the run {0} is damaged. {1} Resume the run to write its model again from the last checkpoint.',
          folder,
          textOf(error),
        ),
        { cause: error },
      );
    }
  };
}
