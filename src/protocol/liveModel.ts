import * as z from 'zod';
import { liveModel } from './exportedPage.ts';
import { inspectorContract } from './inspector.ts';
import { textAnswer } from './textAnswer.ts';

/** The boundary between an exported page and the script that runs its model. */
export const liveModelContract = {
  /** Opens the model on the WebAssembly kernels. @throws Error with the reason if this browser cannot */
  openModel: {
    args: z.tuple([liveModel]),
    /** What the model does: reads texts step by step, answers with classes or labels, writes texts. */
    result: z.object({ reads: z.boolean(), answers: z.boolean(), writes: z.boolean() }),
  },
  /** Answers to a text with its class or the labels of its words. @throws Error if the model does not */
  answer: { args: z.tuple([z.string(), z.int().positive()]), result: textAnswer },
  inspect: inspectorContract.inspect,
  activationMap: inspectorContract.activationMap,
  describeWriter: inspectorContract.describeWriter,
  beginGeneration: inspectorContract.beginGeneration,
  nextGenerated: inspectorContract.nextGenerated,
  cancelGenerated: inspectorContract.cancelGenerated,
} as const;
