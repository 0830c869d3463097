import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from '../lib/paths.ts';
import type { Instructions } from './dialects.ts';
import { jobsSource, layoutSource } from './layout.ts';
import { loopSource } from './loops.ts';
import { tileSource } from './tiles.ts';

const sources = join(root, 'src', 'kernels', 'wasm', 'assembly');

const features: Record<Instructions, readonly string[]> = {
  relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'],
  simd: ['--enable', 'simd'],
  scalar: ['--disable', 'simd'],
};

/** Generated modules. */
const generated: Record<string, (instructions: Instructions) => string> = {
  'tiles.ts': tileSource,
  'loops.ts': loopSource,
  'layout.ts': layoutSource,
  'jobs.ts': jobsSource,
};

/** Compiles the kernels into `folder`, one module per instruction set; the host loads the fastest that works. */
export async function buildKernels(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const instructions of ['relaxed', 'simd', 'scalar'] as const) {
    await writeFile(
      join(folder, `kernels-${instructions}.wasm`),
      await compile('index.ts', instructions, sharedMemory),
    );
  }
}

/** The module of `src/kernels/float64Matrix.ts` as JSON: it is small, and needed before anything is built. */
export async function vectorProductsJson(): Promise<string> {
  const binary = await compile('vectorProducts.ts', 'simd', []);
  return `${JSON.stringify({ module: Buffer.from(binary).toString('base64') }, undefined, 2)}\n`;
}

const sharedMemory = [
  '--enable',
  'threads',
  '--importMemory',
  '--noExportMemory',
  '--sharedMemory',
  '--maximumMemory',
  '65536',
];

async function compile(entry: string, instructions: Instructions, options: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr }: { error: Error | null; stderr: { toString(): string } } = await asc.main(
    [
      entry,
      '--outFile',
      'kernels.wasm',
      // Not -O3, which reorders the multiply-adds so that registers spill.
      '-O1',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      ...features[instructions],
      '--initialMemory',
      '1',
      ...options,
    ],
    {
      readFile: (name) => generated[name]?.(instructions) ?? readFile(join(sources, name), 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary)
    throw new Error(`Could not compile ${entry} for ${instructions}:\n${stderr.toString()}`, { cause: error });
  return binary;
}
