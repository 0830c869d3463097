import * as z from 'zod';
import { backendNamed } from '../../backends/registry.ts';
import type { ThreadPort } from '../../platform/threads.ts';
import { stepOf } from './steps.ts';
import type { benchAnswer, BenchTask } from './task.ts';
import { say } from '../../phrases/phrase.ts';

type Answer = z.input<typeof benchAnswer>;

/**
 * The worker's part of the benchmark: loads a backend, then runs the requested number of training steps, and times
 * each.
 */
export async function serveSteps(port: ThreadPort, task: BenchTask): Promise<void> {
  const answer = (message: Answer) => port.postMessage(message);
  try {
    const { threads, device, peakGigaflops } = await backendNamed(task.backend).load({
      ...task.environment,
      threads: task.threads,
      wideSimd: task.wideSimd,
    });
    const step = stepOf(task);
    port.on('message', (count) => {
      void timed(step, z.int().parse(count)).then(
        (milliseconds) => answer({ milliseconds, peakGigaflops: peakGigaflops?.() ?? null }),
        (error: unknown) => answer({ reason: String(error) }),
      );
    });
    answer({ ready: true, threads, device: say(device) });
  } catch (error) {
    answer({ reason: error instanceof Error ? error.message : String(error) });
  }
}

async function timed(step: () => Promise<void>, count: number): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let done = 0; done < count; done++) {
    const before = performance.now();
    await step();
    milliseconds.push(performance.now() - before);
  }
  return milliseconds;
}
