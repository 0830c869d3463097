import { modelSchema } from '../config/schema.ts';

const { cell, layers, units, bidirectional, bias, projection, activation, recurrence, resetAfter, embedding } =
  modelSchema.shape;

/** What `task.json` says of the recurrent layers of a model that reads in one direction. */
export const forwardFields = { cell, layers, units, bias, projection, activation, recurrence, resetAfter, embedding };

/** The same of a model that may read in both. */
export const recurrentFields = { ...forwardFields, bidirectional };
