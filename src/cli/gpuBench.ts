import { availableParallelism } from 'node:os';
import type { BenchTask, StepSizes } from '../worker/bench/task.ts';
import { SHAPES, type BenchOptions } from './bench.ts';
import { checkInProcess } from './bench/checkInProcess.ts';
import {
  type Contender,
  startProcess,
  startTorch,
  torchDevices,
  type TorchDevice,
  type TorchWork,
} from './bench/contender.ts';
import { measure } from './bench/measure.ts';
import { backendOptions } from './environment.ts';
import { ExitCode } from './exitCodes.ts';
import { textOf } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';

/** Shapes that are large enough for a GPU, in addition to the common ones. */
const LARGE: readonly StepSizes[] = [
  { T: 128, B: 64, H: 512, V: 65 },
  { T: 256, B: 128, H: 1024, V: 65 },
];
/** Allowed relative error of single-precision sums in another order. */
const TOLERANCE = 1e-4;
const PARTS = ['forward', 'forward and backward', 'loss', 'adam'] as const;
const CUDA: readonly TorchDevice[] = ['cuda', 'cuda-tf32'];

/** Time on the GPU. Ratios are time ratios: below 1 is faster than the other contender. */
interface GpuRow extends StepSizes {
  readonly cell: BenchTask['cell'];
  /** A whole training step, or a part of it. */
  readonly work: string;
  readonly contender: string;
  readonly device: string;
  readonly medianMs: number;
  /** Ratio to the faster of PyTorch's steps on CUDA in float32. */
  readonly ratioToTorch: number | null;
  /** Ratio to the faster of PyTorch's steps on CUDA in TF32. */
  readonly ratioToTorchTf32: number | null;
  /** Ratio to the stock layers of TensorFlow.js on the same device. */
  readonly ratioToStock: number | null;
}

/**
 * `sequence-lab bench --gpu`: checks every WebGPU kernel against the reference, then times kernels and whole training
 * steps next to PyTorch on CUDA, if available, and the stock layers of TensorFlow.js on WebGPU. All contenders take
 * turns.
 * @returns the exit code: failed if a kernel is wrong
 */
export async function printGpuBench({ json, ...options }: BenchOptions & { readonly json: boolean }): Promise<number> {
  const log = (text: string) => void (json || process.stdout.write(`${text}\n`));
  const noticed = new Set<string>();
  const notice = (error: unknown) => {
    const reason = say(textOf(error));
    if (!noticed.has(reason)) process.stderr.write(`Skipped: ${reason.replace(/\.$/, '')}.\n`);
    noticed.add(reason);
  };
  const { device, checks } = await checkInProcess({ check: 'webgpu', environment: backendOptions() });
  const software = device.endsWith('(software)');
  log(
    `WebGPU on ${device}, Node ${process.version}${software ? '\nThis is a software adapter: the times are not those of a GPU.' : ''}\n`,
  );
  log('largest error of each kernel relative to the reference');
  for (const { kernel, error } of checks)
    log(`  ${kernel.padEnd(62)}${error.toExponential(1)}${error > TOLERANCE ? '  WRONG' : ''}`);

  const rows: GpuRow[] = [];
  for (const sizes of options.only ? [options.only] : [...SHAPES, ...LARGE]) {
    for (const work of ['step', ...PARTS] as const) {
      const contenders = await startAll(work, sizes, options, notice);
      try {
        const times = await measure(contenders);
        const measured = contenders.map(({ name, device }, index) => ({
          contender: name,
          device,
          medianMs: times[index]?.medianMs ?? NaN,
        }));
        const done = rowsOf(measured).map((row) => ({ cell: options.cell, ...sizes, work, ...row }));
        rows.push(...done);
        log(`\n${table(done)}`);
      } finally {
        for (const contender of contenders) await contender.close();
      }
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ device, software, checks, rows })}\n`);
  return checks.every(({ error }) => error <= TOLERANCE) ? ExitCode.ok : ExitCode.failed;
}

/** Starts all contenders that are available here; reports the reasons of the others. */
async function startAll(
  work: 'step' | (typeof PARTS)[number],
  sizes: StepSizes,
  { cell, torch, threads = availableParallelism() }: BenchOptions,
  notice: (error: unknown) => void,
): Promise<Contender[]> {
  const onWebGpu = (name: string, model: BenchTask['model'], taps: boolean) => async () =>
    startProcess(name, {
      backend: 'webgpu',
      model,
      taps,
      cell,
      sizes,
      threads,
      wideSimd: false,
      environment: backendOptions(),
    });
  const inTorch = (kind: TorchWork) =>
    CUDA.map((device) => async () => startTorch(torch ?? '', kind, { sizes, cell, threads }, device));
  const ours =
    work === 'step'
      ? [onWebGpu('webgpu', 'ours', true), onWebGpu('stock layers on webgpu', 'stock', false)]
      : [onWebGpu('webgpu', work, true)];
  const theirs =
    torch === undefined ? [] : work === 'step' ? [...inTorch('one-hot'), ...inTorch('embedding')] : inTorch(work);
  const started: Contender[] = [];
  for (const start of [...ours, ...theirs]) {
    try {
      const contender = await start();
      started.push(contender);
      // A contender without enough memory fails here.
      await contender.steps(1).catch(async (error: unknown) => {
        started.pop();
        await contender.close();
        throw error;
      });
    } catch (error) {
      notice(error);
    }
  }
  return started;
}

type Measured = Pick<GpuRow, 'contender' | 'device' | 'medianMs'>;

function rowsOf(measured: readonly Measured[]): Omit<GpuRow, 'cell' | 'work' | keyof StepSizes>[] {
  const fastest = (fits: (name: string) => boolean): number | undefined => {
    const times = measured.filter(({ contender }) => fits(contender)).map(({ medianMs }) => medianMs);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const onDevice = (device: TorchDevice) => fastest((name) => name.endsWith(`(${torchDevices[device]})`));
  const [torch, tf32, stock] = [onDevice('cuda'), onDevice('cuda-tf32'), fastest((name) => name.startsWith('stock'))];
  const ratio = (time: number, other: number | undefined) => (other === undefined ? null : time / other);
  return measured.map((row) => ({
    ...row,
    ratioToTorch: ratio(row.medianMs, torch),
    ratioToTorchTf32: ratio(row.medianMs, tf32),
    ratioToStock: ratio(row.medianMs, stock),
  }));
}

function table(rows: readonly GpuRow[]): string {
  const [first] = rows;
  const title = first
    ? `${first.cell} ${first.work}, T=${first.T} B=${first.B} H=${first.H} V=${first.V}`
    : 'no contender is available';
  const head = `${title.padEnd(58)}ms    to torch     to TF32    to stock`;
  const lines = rows.map(({ contender, device, medianMs, ratioToTorch, ratioToTorchTf32, ratioToStock }) => {
    const ratios = [ratioToTorch, ratioToTorchTf32, ratioToStock].map((ratio) =>
      (ratio === null ? '-' : ratio.toFixed(2)).padStart(12),
    );
    return `${`  ${contender} on ${device}`.padEnd(50)}${medianMs.toFixed(3).padStart(10)}${ratios.join('')}`;
  });
  return [head, ...lines].join('\n');
}
