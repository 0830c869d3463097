/** The part of WebAssembly's JavaScript interface that is used here; TypeScript keeps it with the browser's types. */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    initial: number;
    maximum: number;
    shared: true;
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: SharedArrayBuffer;
    /** @throws RangeError beyond the maximum, or when there is no memory left */
    grow(pages: number): number;
  }

  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } });
    readonly exports: object;
  }

  const Module: new (binary: Uint8Array) => Module;

  function validate(binary: Uint8Array): boolean;
}
