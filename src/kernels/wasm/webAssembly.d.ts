/** Part of the WebAssembly JavaScript API, which TypeScript only declares together with the browser types. */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    initial: number;
    maximum: number;
    shared: true;
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: SharedArrayBuffer;
    /** @throws RangeError if the maximum is exceeded or no memory is left */
    grow(pages: number): number;
  }

  class Instance {
    constructor(module: Module, imports?: { env: { memory: Memory } });
    readonly exports: object;
  }

  const Module: new (binary: Uint8Array) => Module;

  function validate(binary: Uint8Array): boolean;
}
