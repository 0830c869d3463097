import { trainingLosses } from '../unit/kernels/wasm/trainingLosses.ts';
import { answerCall, mountKernels } from './answerCall.ts';

/** Trains a small model on a number of threads of a browser. */
mountKernels();
answerCall(trainingLosses);
