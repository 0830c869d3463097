import { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { compileKernels, type Instructions, instructionSets } from '../../../../src/kernels/wasm/module.ts';
import { runsNativeCode } from '../../../../src/platform/system.ts';

/** Builds of the kernels, with and without V8's wide vectors, whose flag a browser does not set. */
export const builds: readonly { name: string; instructions: Instructions; wide: boolean }[] = [
  ...(runsNativeCode ? [{ name: 'relaxed, wide', instructions: 'relaxed', wide: true } as const] : []),
  ...instructionSets.map((instructions) => ({ name: instructions, instructions, wide: false })),
];

export async function startBuild({ instructions, wide }: (typeof builds)[number], threads = 1): Promise<WasmRuntime> {
  const module = await compileKernels(instructions, wide ? 'wide' : 'plain');
  return WasmRuntime.start(module, threads, { instructions, wide });
}

/** Copies numbers to the runtime's memory. @returns their address */
export function put(runtime: WasmRuntime, values: Float32Array | Int32Array): number {
  const pointer = runtime.heap.allocate(values.byteLength);
  if (values instanceof Float32Array) runtime.float32(pointer, values.length).set(values);
  else runtime.int32(pointer, values.length).set(values);
  return pointer;
}
