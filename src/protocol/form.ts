import * as z from 'zod';
import { runConfigSchema } from '../config/schema.ts';
import { runSource } from '../config/textSource.ts';
import type { Functions, Remote } from './rpc.ts';
import { textFacts } from './textFacts.ts';

/** The boundary between the extension host and the form "New Run". */

/** What the form edits. */
export const formRequest = z.object({
  /** Distinguishes this request from an earlier one in the same page, whose input is not kept. */
  id: z.string(),
  /** Heading, such as "Train LSTM on ferry.txt". */
  title: z.string(),
  /** Configuration to start from; changes are marked against it. */
  start: runConfigSchema,
  /** The run that the configuration comes from; null for the defaults. */
  run: z
    .object({
      id: z.string(),
      name: z.string(),
      /** Its folder, if the new run begins with its weights; null for random weights. */
      weights: z.string().nullable().default(null),
    })
    .nullable(),
  /** Data that the host can read again after a reload of the window; null for an unsaved text. */
  data: z.object({ source: runSource, name: z.string() }).nullable(),
  /** What is known of the text to train on; null for other data. */
  text: textFacts.nullable(),
  /** Whether the task generates its data: a form for data that exists offers tasks that read data, and vice versa. */
  generated: z.boolean(),
});

/** Functions that the form serves. */
export const formViewContract = {
  /** Shows a configuration. */
  show: { args: z.tuple([formRequest]) },
} as const;

/** Functions that the host serves to the form. */
export const formHostContract = {
  /** The form is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Starts the run and closes the form; rejects if the run cannot start. */
  train: { args: z.tuple([runConfigSchema]), result: z.void() },
  /** Copies a configuration to the clipboard as JSON. */
  copy: { args: z.tuple([runConfigSchema]), result: z.void() },
  /** Closes the form without a run. */
  cancel: { args: z.tuple([]) },
  /** Asks for a file or folder; null if the dialog is canceled. */
  chooseFile: { args: z.tuple([z.object({ title: z.string() })]), result: z.string().nullable() },
  /** Reports an error in the form, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type FormRequest = z.output<typeof formRequest>;
export type FormViewFunctions = Functions<typeof formViewContract>;
export type FormHostFunctions = Functions<typeof formHostContract>;
export type RemoteFormView = Remote<typeof formViewContract>;
