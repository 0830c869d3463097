import products from './vectorProducts.json' with { type: 'json' };

/** Exports of `wasm/assembly/vectorProducts.ts`. Pointers are byte addresses in its memory. */
export interface Products {
  readonly memory: WebAssembly.Memory;
  readonly times: Product;
  readonly timesTransposed: Product;
  readonly addOuter: (a: number, b: number, rows: number, stride: number, columns: number, sum: number) => void;
}
type Product = (vector: number, matrix: number, rows: number, stride: number, columns: number, result: number) => void;

export const PAGE = 65536;
/** Start of what the host places in the memory, after the space that the compiler reserves. */
export const VECTORS = 1024;

/** Compiled at first use. Every engine of Node.js 20 on x64 and ARM64 has its vector instructions. */
let compiled: WebAssembly.Module | undefined;

/** A new instance of the products, with its memory. */
export function loadProducts(): Products {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(products.module), (character) => character.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as unknown as Products;
}
