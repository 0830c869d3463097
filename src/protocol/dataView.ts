import * as z from 'zod';
import { dataChoice, dataInspection } from './dataInspection.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the view "Data". */

/** Functions that the view serves. */
export const dataViewContract = {
  /** Shows findings; `path` identifies the data set after a reload of the window, null without a file. */
  show: { args: z.tuple([z.object({ inspection: dataInspection, path: z.string().nullable() })]) },
  /** Shows that the data set is being read. */
  reading: { args: z.tuple([z.object({ name: z.string() })]) },
  /** Shows why the data set cannot be used with the chosen columns. */
  refused: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

/** Functions that the host serves to the view. */
export const dataHostContract = {
  /** The view is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Reads the data set again with other choices. */
  choose: { args: z.tuple([dataChoice]), result: z.void() },
  /** Asks the user for a validation file; nothing changes if the dialog is canceled. */
  chooseValidationFile: { args: z.tuple([]), result: z.void() },
  /** Starts training on the data set as shown. */
  train: { args: z.tuple([]), result: z.void() },
  /** Reports an error in the view, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type DataViewFunctions = Functions<typeof dataViewContract>;
export type RemoteDataView = Remote<typeof dataViewContract>;
export type DataHostFunctions = Functions<typeof dataHostContract>;
