import * as z from 'zod';
import { liveModel } from './exportedPage.ts';
import { inspectorContract } from './inspector.ts';

/** The boundary between an exported page and the script that runs its model. */
export const liveModelContract = {
  /** Opens the model on the WebAssembly kernels. @throws Error with the reason if this browser cannot */
  openModel: { args: z.tuple([liveModel]), result: z.void() },
  inspect: inspectorContract.inspect,
  activationMap: inspectorContract.activationMap,
  describeWriter: inspectorContract.describeWriter,
  beginGeneration: inspectorContract.beginGeneration,
  nextGenerated: inspectorContract.nextGenerated,
  cancelGenerated: inspectorContract.cancelGenerated,
} as const;
