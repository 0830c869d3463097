import { join } from 'node:path';
import { startThread } from '../../platform/threads.ts';
import { urlOf } from '../../platform/system.ts';
import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { StderrTail } from './stderrTail.ts';
import { threadPort } from './threadPort.ts';
import { nativeEnvironment } from './nativeEnvironment.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Starts the trainer as a thread of this process. */
export function startTrainerThread({ programs, threads, task, onOutput }: TrainerOptions): TrainerHolder {
  Object.assign(process.env, nativeEnvironment(threads));
  const stderrTail = new StderrTail();
  const worker = startThread(urlOf(join(programs, 'trainer.js')), {
    stdout: true,
    stderr: true,
    execArgv: [],
    workerData: task,
  });
  worker.stdout.setEncoding('utf8').on('data', onOutput);
  worker.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderrTail.add(text);
    onOutput(text);
  });
  worker.on('error', (error: Error) => {
    stderrTail.add(`${error.message}\n`);
    onOutput(`${error.stack ?? error.message}\n`);
  });

  return {
    pid: process.pid,
    port: threadPort(worker),
    onExit: (listener) => {
      worker.on('exit', (code) =>
        listener(stderrTail.explain(phrase("The trainer's thread ended (exit code {0}).", code))),
      );
    },
    kill: () => {
      void worker.terminate();
    },
  };
}
