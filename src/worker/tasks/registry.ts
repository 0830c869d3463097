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
import type { TaskKind } from './taskKind.ts';

/** Every kind of task, by its name in the configuration. */
export const taskKinds: Readonly<Record<TaskName, TaskKind>> = {
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
