/** The trainer where the software adapter looks like that of a GPU. */
const { GPUAdapterInfo } = globalThis as unknown as { GPUAdapterInfo: { prototype: object } };
Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
await import('../../../src/worker/webWorker.ts');
