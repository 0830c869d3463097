import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { checkAnswer, type checkTask } from '../../worker/check.ts';
import { processEntry } from '../../worker/workerThread.ts';

/** Checks the kernels of a backend in a separate process. @throws Error if the backend does not load or crashes */
export async function checkInProcess(
  task: z.input<typeof checkTask>,
): Promise<{ device: string; checks: { kernel: string; error: number }[] }> {
  const child = fork(fileURLToPath(processEntry), [JSON.stringify(task)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() =>
    Promise.reject(new Error(`The process that checks ${task.check} has ended. Its output is above.`)),
  );
  try {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    const answer = checkAnswer.parse(message);
    if ('reason' in answer) throw new Error(answer.reason);
    return answer;
  } finally {
    gone.catch(() => undefined);
    child.kill('SIGKILL');
  }
}
