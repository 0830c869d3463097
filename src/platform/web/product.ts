/**
 * Files of the product in a browser, such as the kernels and the bundled model. They have paths below `/product`, as
 * `import.meta.url` of a bundle for browsers says, and their owner gives their bytes or addresses.
 */

/** Bytes of files, or the addresses that they are fetched from, by path, such as `dist/kernels-simd.wasm`. */
export type ProductFiles = Readonly<Record<string, Uint8Array | string>>;

const ROOT = '/product/';
const mounted = new Map<string, Uint8Array | string>();

/** Files that are given to threads of this one. */
export function productFiles(): ProductFiles {
  return Object.fromEntries([...mounted].map(([path, file]) => [path.slice(ROOT.length), file]));
}

export function mountProduct(files: ProductFiles): void {
  for (const [path, file] of Object.entries(files)) mounted.set(`${ROOT}${path}`, file);
}

export function isProductPath(path: string): boolean {
  return path.startsWith(ROOT);
}

export function hasProductFile(path: string): boolean {
  return mounted.has(path);
}

/** The bytes of a file of the product; undefined if it has not been given. */
export async function readProduct(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = mounted.get(path);
  if (typeof file !== 'string') return file && new Uint8Array(file);
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} cannot be read: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  mounted.set(path, bytes);
  return bytes;
}
