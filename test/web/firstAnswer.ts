import { nextMessage, startWorker } from '../../src/platform/web/threads.ts';
import { answerCall, served, trainerScript } from './answerCall.ts';

/** A task of a trainer that answers once, such as the time of a step. */
export interface TaskCall {
  readonly task: object;
  /** Path of the trainer's script on the server; omitted: that of the product. */
  readonly script?: string;
}

/** The first message of a trainer with a task. */
async function firstAnswer({ task, script = trainerScript }: TaskCall): Promise<unknown> {
  const thread = startWorker(script, { program: 'trainer.js', data: task, files: served() });
  const answer = await nextMessage(thread);
  await thread.terminate();
  return answer;
}

answerCall(firstAnswer);
