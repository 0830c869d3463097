import type { TaskName } from '../../config/task.ts';
import { adding } from '../../data/synthetic/adding.ts';
import { temporalOrder } from '../../data/synthetic/temporalOrder.ts';
import { languageModel } from './languageModel.ts';
import { syntheticTask } from './synthetic.ts';
import type { TaskKind } from './taskKind.ts';

/** Every kind of task, by its name in the configuration. */
export const taskKinds: Readonly<Record<TaskName, TaskKind>> = {
  'language-model': languageModel,
  'temporal-order': syntheticTask('temporal-order', temporalOrder),
  adding: syntheticTask('adding', adding),
};
