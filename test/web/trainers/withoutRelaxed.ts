/** The trainer in an engine that refuses the first build of the kernels, which is that with relaxed SIMD. */
const { validate } = WebAssembly;
let isFirst = true;
WebAssembly.validate = (bytes) => {
  const refused = isFirst;
  isFirst = false;
  return !refused && validate(bytes);
};
await import('../../../src/worker/webWorker.ts');
