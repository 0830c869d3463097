import { join } from 'node:path';
import { disk } from '../../platform/files.ts';
import type { ExportedModel, LiveModel } from '../../protocol/exportedPage.ts';
import { base64Of } from '../../platform/bytes.ts';

/** Build of the kernels that every browser with WebAssembly vectors runs. */
const KERNELS = 'kernels-simd.wasm';

/** A model with the kernels that run it in a browser. @param programs folder of the built programs */
export async function withKernels(model: NonNullable<ExportedModel['live']>, programs: string): Promise<LiveModel> {
  const bytes = await disk.read(join(programs, KERNELS));
  return { ...model, kernels: base64Of(bytes) };
}
