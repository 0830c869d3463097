import { join } from 'node:path';
import { codeCacheEnvironment } from '../../platform/codeCache.ts';
import { processPort, startProcess } from '../../platform/threads.ts';
import { DAWN_REFUSED } from '../../protocol/nativeBackends.ts';
import type { FoundNode } from './findNode.ts';
import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { StderrTail } from './stderrTail.ts';
import { startDeferred } from './deferredHolder.ts';
import { nativeEnvironment } from './nativeEnvironment.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** Starts a child process that contains the trainer's thread, so that a crash affects nothing else. */
export function startTrainerProcess(options: TrainerOptions): TrainerHolder {
  if (!options.findNode) return forkTrainer(options);
  return startDeferred(options.findNode(), (node) => forkTrainer(options, node));
}

/**
 * Forks the trainer's process.
 * @param node the Node that runs it; if it is missing, the Node of this process is used, and a backend that requires
 *   another one reports the reason
 */
function forkTrainer(
  { programs, codeCache, threads, task, onOutput }: TrainerOptions,
  node?: FoundNode,
): TrainerHolder {
  const stderrTail = new StderrTail();
  const child = startProcess(join(programs, 'trainerProcess.js'), task ? [JSON.stringify(task)] : [], {
    serialization: 'advanced',
    // Flags such as --inspect belong to the extension host, not to its child.
    execArgv: [],
    ...(node && 'program' in node && { execPath: node.program }),
    env: {
      ...process.env,
      ...(codeCache !== undefined && codeCacheEnvironment(codeCache)),
      ...nativeEnvironment(threads),
      // In desktop VS Code the executable is Electron, which otherwise would open a window.
      ...(process.versions['electron'] !== undefined && { ELECTRON_RUN_AS_NODE: '1' }),
      ...(node && 'missing' in node && { [DAWN_REFUSED]: node.missing }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', onOutput);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail.add(text);
    onOutput(text);
  });

  return {
    pid: child.pid,
    // The caller learns of the end from `onExit`.
    port: processPort(child),
    onExit: (listener) => {
      let reported = false;
      const once = (reason: Text) => {
        if (!reported) listener(reason);
        reported = true;
      };
      child.on('error', (error) => {
        if (child.pid === undefined) once(phrase("The trainer's process could not be started: {0}.", error.message));
      });
      // 'close' follows 'exit' once standard error has been read to its end.
      child.on('close', (code, signal) => once(stderrTail.explain(describeExit(code, signal))));
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Exit code that shells and scripts report for a program that was ended by SIGKILL. */
const KILLED = 137;

function describeExit(code: number | null, signal: NodeJS.Signals | null): Text {
  if (signal === 'SIGKILL' || code === KILLED)
    return phrase(
      "The trainer's process was killed (SIGKILL). The system does this when the memory of the computer is used up: close other programs, or make the data, the model, the batch or the sequences smaller.",
    );
  return signal === null
    ? phrase("The trainer's process ended (exit code {0}).", String(code))
    : phrase("The trainer's process ended ({0}).", signal);
}
