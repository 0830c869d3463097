import { Gunzip, Inflate, inflateSync } from 'fflate';
import { joinBytes } from './bytes.ts';

/** As `src/platform/compression.ts`, in a browser, whose `DecompressionStream` refuses several members of gzip. */

interface Unpacking {
  ondata: ((chunk: Uint8Array<ArrayBuffer>, final: boolean) => void) | undefined;
  push(chunk: Uint8Array, final?: boolean): void;
}

export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* through(chunks, new Gunzip());
}

export async function* inflatedChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* through(chunks, new Inflate());
}

async function* through(chunks: AsyncIterable<Uint8Array>, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  unpacking.ondata = (chunk) => ready.push(chunk);
  const take = (push: () => void): Uint8Array[] => {
    ready = [];
    try {
      push();
    } catch (error) {
      throw Object.assign(new Error('The packed data are damaged or cut off.', { cause: error }), {
        code: 'Z_DATA_ERROR',
      });
    }
    return ready;
  };
  for await (const chunk of chunks) yield* take(() => unpacking.push(chunk));
  yield* take(() => unpacking.push(new Uint8Array(), true));
}

export async function inflated(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of inflatedChunks(once(bytes))) {
    length += chunk.length;
    if (length > most) throw new Error('The unpacked data are longer than allowed.');
    parts.push(chunk);
  }
  return joinBytes(parts);
}

export function inflatedNow(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    // A result that does not fit ends with an error: the memory is given.
    const unpacked = inflateSync(bytes, { out: new Uint8Array(most + 1) });
    return unpacked.length > most ? undefined : unpacked;
  } catch {
    return undefined;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
