import { formatBytes } from '../../format/bytes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { gunzipped } from '../../platform/compression.ts';
import { newSha256 } from '../../platform/hashing.ts';
import { InputError } from '../inputError.ts';
import type { ByteFile } from './byteFile.ts';

/** Most bytes, unpacked, for each packed byte, from a number of bytes on. Texts are packed to about a fifth. */
const LARGEST_RATIO = 200;
const ALWAYS_ALLOWED = 2 ** 26;

/** The bytes of a file as they are on disk, counted and hashed while they are read. */
export class RawBytes {
  bytes = 0;
  readonly #hash = newSha256();
  #digest: string | undefined;

  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  /** SHA-256, hexadecimal. */
  get sha256(): string {
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }
}

/**
 * Unpacks a gzip file while it is read.
 * @param raw receives the packed bytes
 * @throws InputError for a damaged file, one that is cut off, and one that exceeds 200 times its packed size
 */
export async function* unpacked({ path, size, chunks }: ByteFile, raw: RawBytes): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of gunzipped(raw.of(chunks()))) {
      bytes += chunk.length;
      if (bytes > ALWAYS_ALLOWED && bytes > LARGEST_RATIO * size)
        throw new InputError(
          'unreadable',
          phrase(
            '"{0}" is refused: unpacked, it exceeds {1} times its packed size of {2}. Unpack it yourself if you trust it.',
            path,
            LARGEST_RATIO,
            formatBytes(size),
          ),
        );
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    throw new InputError('unreadable', phrase('"{0}" is not a whole gzip file. Download or pack it again.', path), {
      cause: error,
    });
  }
  if (raw.bytes !== size)
    throw new InputError('unreadable', phrase('"{0}" is not a whole gzip file. Download or pack it again.', path));
}
