import { availableParallelism } from 'node:os';
import { cells } from '../config/cells.ts';
import type { BenchTask, StepSizes } from '../worker/bench/task.ts';
import { type Contender, startProcess, startTorch, startWorker, type TorchWork } from './bench/contender.ts';
import { type Measured, measure } from './bench/measure.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';
import { textOf } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';

/** Shapes in docs/benchmarks.md. */
export const SHAPES: readonly StepSizes[] = [
  { T: 25, B: 1, H: 100, V: 65 },
  { T: 64, B: 16, H: 64, V: 65 },
  { T: 64, B: 32, H: 128, V: 65 },
  { T: 50, B: 50, H: 128, V: 65 },
  { T: 100, B: 32, H: 256, V: 65 },
  { T: 64, B: 32, H: 512, V: 65 },
];

/** Time of a training step. Ratios are time ratios: below 1 is faster than the other contender. */
export interface BenchRow extends StepSizes {
  readonly cell: BenchTask['cell'];
  readonly threads: number;
  readonly backend: string;
  readonly device: string;
  readonly taps: boolean;
  readonly wideSimd: boolean;
  readonly medianMs: number;
  /** Ratio to the faster of PyTorch's one-hot and embedding steps with `nn.LSTM`, `nn.GRU` or `nn.RNN`. */
  readonly ratioToTorch: number | null;
  /** Ratio to PyTorch when it keeps the gates and the gradients of every step. */
  readonly ratioToInstrumentedTorch: number | null;
  /** Ratio to the layers of TensorFlow.js on native TensorFlow. */
  readonly ratioToStock: number | null;
  /** GFLOP/s of the matrix products, relative to the time of the whole step. */
  readonly gigaflops: number;
  /** GFLOP/s of the innermost loop of the matrix products alone, on all threads, measured in the same run. */
  readonly peakGigaflops: number | null;
  readonly shareOfPeak: number | null;
}

export interface BenchOptions {
  readonly cell: BenchTask['cell'];
  readonly torch?: string;
  readonly only?: StepSizes;
  readonly threads?: number;
  /** Skips contenders whose steps take seconds: everything except the WebAssembly kernels and PyTorch. */
  readonly quick: boolean;
}

type Setup = Pick<BenchTask, 'backend' | 'model' | 'taps' | 'wideSimd'>;

const wasmSetups: readonly Setup[] = [
  { backend: 'wasm', model: 'ours', taps: true, wideSimd: true },
  { backend: 'wasm', model: 'ours', taps: false, wideSimd: true },
  { backend: 'wasm', model: 'ours', taps: true, wideSimd: false },
];
const otherSetups: readonly Setup[] = [
  { backend: 'tensorflow', model: 'ours', taps: true, wideSimd: true },
  { backend: 'tensorflow', model: 'stock', taps: false, wideSimd: false },
  { backend: 'webgpu', model: 'ours', taps: true, wideSimd: false },
  { backend: 'reference', model: 'ours', taps: true, wideSimd: false },
];

/**
 * Times whole training steps of the language model. The contenders take turns.
 * @param report called with the rows of each shape when it is finished
 * @param notice called with the reason when a contender is not available
 */
export async function bench(
  options: BenchOptions,
  report: (rows: BenchRow[]) => void,
  notice: (text: string) => void,
): Promise<void> {
  const { cell, threads = availableParallelism() } = options;
  prepareNativeEnvironment(threads);
  for (const sizes of options.only ? [options.only] : SHAPES) {
    const setups = options.quick ? wasmSetups : [...wasmSetups, ...otherSetups];
    const workers = setups.map((setup) => ({
      setup,
      start: () =>
        (setup.backend === 'webgpu' ? startProcess : startWorker)(nameOf(setup), {
          ...setup,
          cell,
          sizes,
          threads,
          environment: backendOptions(),
        }),
    }));
    const variants: readonly TorchWork[] =
      cell === 'lstm' ? ['one-hot', 'embedding', 'instrumented'] : ['one-hot', 'embedding'];
    const torches = variants.map((variant) => ({
      setup: undefined,
      start: () => startTorch(options.torch ?? '', variant, { sizes, cell, threads }),
    }));
    const contenders: { contender: Contender; setup: Setup | undefined }[] = [];
    for (const { setup, start } of options.torch === undefined ? workers : [...workers, ...torches]) {
      try {
        contenders.push({ contender: await start(), setup });
      } catch (error) {
        notice(say(textOf(error)));
      }
    }
    try {
      const measured = await measure(contenders.map(({ contender }) => contender));
      report(
        rowsOf(
          cell,
          sizes,
          contenders.map((each, index) => ({ ...each, ...(measured[index] as Measured) })),
        ),
      );
    } finally {
      for (const { contender } of contenders) await contender.close();
    }
  }
}

function nameOf({ backend, model }: Setup): string {
  return model === 'stock' ? `stock layers on ${backend}` : backend;
}

function rowsOf(
  cell: BenchRow['cell'],
  sizes: StepSizes,
  measured: readonly (Measured & { contender: Contender; setup: Setup | undefined })[],
): BenchRow[] {
  const fastest = (...names: string[]): number | undefined => {
    const times = measured.filter(({ contender }) => names.includes(contender.name)).map(({ medianMs }) => medianMs);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const ratio = (time: number, other: number | undefined) => (other === undefined ? null : time / other);
  const torch = fastest('torch one-hot', 'torch embedding');
  const instrumented = fastest('torch instrumented');
  const stock = fastest('stock layers on tensorflow');
  return measured.map(({ contender, setup, medianMs, peakGigaflops }) => {
    const gigaflops = operations(cell, sizes) / medianMs / 1e6;
    return {
      cell,
      ...sizes,
      threads: contender.threads,
      backend: contender.name,
      device: contender.device,
      taps: setup?.taps ?? contender.name === 'torch instrumented',
      wideSimd: setup?.wideSimd ?? false,
      medianMs,
      ratioToTorch: ratio(medianMs, torch),
      ratioToInstrumentedTorch: ratio(medianMs, instrumented),
      ratioToStock: ratio(medianMs, stock),
      gigaflops,
      peakGigaflops,
      shareOfPeak: peakGigaflops === null ? null : gigaflops / peakGigaflops,
    };
  });
}

/**
 * Number of multiplications and additions of the matrix products in a step: three products each for the recurrent
 * kernel and the dense layer.
 */
function operations(cell: BenchRow['cell'], { T, B, H, V }: StepSizes): number {
  return 3 * 2 * T * B * (cells[cell].gates * H * H + H * V);
}
