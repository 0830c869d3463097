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
    await writeFile(join(folder, `kernels-${instructions}.wasm`), await compile(instructions));
  }
}

async function compile(instructions: Instructions): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--outFile',
      'kernels.wasm',
      // Not -O3, which reorders the multiply-adds so that registers spill.
      '-O1',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--enable',
      'threads',
      ...features[instructions],
      '--importMemory',
      '--noExportMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
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
    throw new Error(`Could not compile the ${instructions} kernels:\n${stderr.toString()}`, { cause: error });
  return binary;
}
