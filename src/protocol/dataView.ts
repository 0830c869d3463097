import * as z from 'zod';
import { dataChoice, dataInspection } from './dataInspection.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the view "Data". */

/** Functions that the view serves. */
export const dataViewContract = {
  /** What was found; `path` names the data set over a reload of the window, null where it has no file. */
  show: { args: z.tuple([z.object({ inspection: dataInspection, path: z.string().nullable() })]) },
  /** The data set is being read. */
  reading: { args: z.tuple([z.object({ name: z.string() })]) },
  /** Why it cannot be used, as it is or as its columns were chosen. */
  refused: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

/** Functions that the host serves to the view. */
export const dataHostContract = {
  /** The view is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Reads the data set again, with another choice. */
  choose: { args: z.tuple([dataChoice]), result: z.void() },
  /** Asks for a file to validate on; nothing changes when the user chooses none. */
  chooseValidationFile: { args: z.tuple([]), result: z.void() },
  /** Trains on the data set as it is shown. */
  train: { args: z.tuple([]), result: z.void() },
  /** Something in the view went wrong; the host writes it to its log. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type DataViewFunctions = Functions<typeof dataViewContract>;
export type RemoteDataView = Remote<typeof dataViewContract>;
export type DataHostFunctions = Functions<typeof dataHostContract>;
