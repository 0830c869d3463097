import { ownerPort, threadData } from '../platform/threads.ts';
import { classifierTask } from '../protocol/classifier.ts';
import { workerPort } from './workerThread.ts';

/**
 * Entry of a worker thread. One that classifies loads a part of the code of one that trains, so that the first answer
 * comes early.
 */
if (!ownerPort)
  throw new Error('trainer.js runs in a worker thread; start it through the extension or the command line.');
if (classifierTask.safeParse(threadData).success)
  (await import('./classifierServer.ts')).serveClassifier(workerPort(ownerPort));
else await (await import('./trainerThread.ts')).runTrainer(ownerPort);
