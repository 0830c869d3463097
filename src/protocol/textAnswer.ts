import * as z from 'zod';
import type { TaskName } from '../config/task.ts';
import { prediction } from './inspection.ts';

/** Answer of a model of classes or labels to a text: the class of the text, or a label for each of its words. */
export const textAnswer = z.object({
  of: z.enum(['text', 'words']),
  /** The whole text, or its words, each with the most likely answers, the most likely first. */
  pieces: z.array(z.object({ text: z.string(), top: z.array(prediction) })),
});

/** Tasks whose models an exported page can run. */
export const LIVE_TASKS: ReadonlySet<TaskName> = new Set(['language-model', 'classification', 'tagging']);

export type TextAnswer = z.output<typeof textAnswer>;
