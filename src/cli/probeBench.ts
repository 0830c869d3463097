import { availableParallelism } from 'node:os';
import { runConfigSchema } from '../config/schema.ts';
import type { BenchTask, StepSizes } from '../worker/bench/task.ts';
import { THOROUGH_EVERY } from '../worker/runProbes.ts';
import type { BenchOptions } from './bench.ts';
import { startWorker } from './bench/contender.ts';
import { measure } from './bench/measure.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';

/** The default shape of a run, and larger ones. */
const SHAPES: readonly StepSizes[] = [
  { T: 50, B: 16, H: 100, V: 65 },
  { T: 64, B: 32, H: 128, V: 65 },
  { T: 100, B: 32, H: 256, V: 65 },
];

const KINDS = ['ours', 'probe', 'thorough probe'] as const;

/** Cost of probes relative to the training between them. */
interface ProbeRow extends StepSizes {
  readonly cell: BenchTask['cell'];
  readonly threads: number;
  readonly stepMs: number;
  readonly probeMs: number;
  readonly thoroughMs: number;
  /** Time of all probes at the default interval divided by the time of the steps between them. */
  readonly share: number;
}

/** `sequence-lab bench --probes`: times probes on the backend wasm, taking turns with training steps. */
export async function printProbeBench({
  cell,
  only,
  threads = availableParallelism(),
  json,
}: BenchOptions & { readonly json: boolean }): Promise<void> {
  prepareNativeEnvironment(threads);
  const { every } = runConfigSchema.parse({}).probes;
  const rows: ProbeRow[] = [];
  if (!json)
    process.stdout.write(
      `${cell.padEnd(24)}step, ms   probe, ms   thorough, ms   share of training, a probe every ${every} steps\n`,
    );
  for (const sizes of only ? [only] : SHAPES) {
    const task = {
      backend: 'wasm',
      cell,
      sizes,
      threads,
      taps: false,
      wideSimd: true,
      environment: backendOptions(),
    } as const;
    const contenders = await Promise.all(KINDS.map((model) => startWorker(model, { ...task, model })));
    try {
      const [stepMs = NaN, probeMs = NaN, thoroughMs = NaN] = (await measure(contenders)).map(
        ({ medianMs }) => medianMs,
      );
      const share = (probeMs + (thoroughMs - probeMs) / THOROUGH_EVERY) / (every * stepMs);
      rows.push({ cell, ...sizes, threads, stepMs, probeMs, thoroughMs, share });
      if (!json) process.stdout.write(`${line(sizes, [stepMs, probeMs, thoroughMs], share)}\n`);
    } finally {
      for (const contender of contenders) await contender.close();
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
}

function line(
  { T, B, H, V }: StepSizes,
  [step = 0, probe = 0, thorough = 0]: readonly number[],
  share: number,
): string {
  const title = `T=${T} B=${B} H=${H} V=${V}`.padEnd(24);
  return `${title}${step.toFixed(2).padStart(8)}${probe.toFixed(1).padStart(12)}${thorough.toFixed(1).padStart(15)}${(100 * share).toFixed(1).padStart(12)} %`;
}
