/**
 * Training steps of a task, for `npm run bench -- tasks`: `node ourSteps.ts CASE FILE BACKEND THREADS WIDE HOME
 * TENSORFLOW`. Reads a line, and answers with a line of JSON: a number of steps with the milliseconds of each, `memory`
 * with the bytes of the model, its optimizer and a step, `peak` with the GFLOP/s of the innermost loop of matrix products
 * on all threads (null if unknown), `record N PATH` after writing N batches that are trained on,
 * `profile N` with the milliseconds of N steps by operation.
 */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { textOf } from '../../../src/phrases/causes.ts';
import { taskKinds } from '../../../src/worker/tasks/registry.ts';
import { taskCases } from './cases.ts';

const [name = '', path = '', backend = '', threads = '0', wide = '', home = '', tensorflowPath = ''] =
  process.argv.slice(2);
const answer = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
const plain = (batch: object): object =>
  JSON.parse(
    JSON.stringify(batch, (_key, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
    ),
  ) as object;

try {
  const task = taskCases[name];
  if (!task) throw new Error(`There is no case ${name}.`);
  const config = parseRunConfig(task.config);
  const loaded = await taskKinds[config.task.name].load({ kind: 'file', path }, config);
  const { device, peakGigaflops } = await backendNamed(backend as 'wasm').load({
    home,
    tensorflowPath,
    threads: Number(threads),
    wideSimd: wide === 'wide',
  });
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const { loop, initialize } = loaded.create();
  initialize();
  const step = async () => loop.step(config.training.learningRate, config.training);
  const { source, batchOf = (batch: object) => batch } = task.batches;

  const timed = async (count: number) => {
    const milliseconds: number[] = [];
    for (let done = 0; done < count; done++) {
      const start = performance.now();
      await step();
      milliseconds.push(performance.now() - start);
    }
    return milliseconds;
  };

  /** Calls a method of an object, and passes each result on. */
  const watch = (owner: object, method: string, watched: (work: () => unknown, args: unknown[]) => unknown) => {
    const methods = owner as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[method]!;
    methods[method] = function (this: unknown, ...args: unknown[]) {
      return watched(() => original.apply(this, args), args);
    };
    return () => {
      methods[method] = original;
    };
  };

  const record = async (count: number, to: string) => {
    const batches: object[] = [];
    const end = watch(source.prototype, 'next', (work) => {
      const batch = work();
      // A copy: the next call may overwrite its arrays.
      batches.push(plain((batchOf as (items: unknown) => object)(batch)));
      return batch;
    });
    await timed(count);
    end();
    await writeFile(
      to,
      JSON.stringify({
        model: task.torch,
        config,
        inputs: loaded.shape?.inputs,
        outputs: loaded.shape?.outputs,
        batches,
      }),
    );
  };

  const profile = async (count: number) => {
    const spent = new Map<string, number>();
    const inside = [0];
    const measured = (name: string, work: () => unknown) => {
      const start = performance.now();
      inside.push(0);
      const result = work();
      const total = performance.now() - start;
      spent.set(name, (spent.get(name) ?? 0) + total - inside.pop()!);
      inside.push(inside.pop()! + total);
      return result;
    };
    const ends = [
      watch(source.prototype, 'next', (work) => measured('data', work)),
      watch(tf.engine(), 'runKernel', (work, [kernel]) => measured(String(kernel), work)),
    ];
    const whole = (await timed(count)).reduce((sum, each) => sum + each, 0);
    for (const end of ends) end();
    spent.set('JavaScript between operations', whole - [...spent.values()].reduce((sum, each) => sum + each, 0));
    return Object.fromEntries([...spent].sort(([, a], [, b]) => b - a).map(([key, value]) => [key, value / count]));
  };

  answer({ ready: say(device) });
  for await (const line of createInterface({ input: process.stdin })) {
    const [command = '', count = '', to = ''] = line.split(' ');
    if (command === 'memory') answer({ bytes: process.memoryUsage.rss() - before });
    else if (command === 'peak') answer({ gigaflops: peakGigaflops?.() ?? null });
    else if (command === 'record') answer((await record(Number(count), to), {}));
    else if (command === 'profile') answer(await profile(Number(count)));
    else answer(await timed(Number(command)));
  }
} catch (error) {
  answer({ reason: say(textOf(error)) });
}
