import assert from 'node:assert/strict';
import { InputError, type InputErrorCode } from '../../../src/data/inputError.ts';
import { type ReadReport, TextReader } from '../../../src/data/textReader.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';

/** The text and the report of bytes that arrive in a first chunk and then in chunks of `chunkBytes`. */
export async function readBytes(
  bytes: Uint8Array,
  chunkBytes: number,
  firstChunkBytes = chunkBytes,
): Promise<{ text: string; report: ReadReport }> {
  const chunks = [bytes.subarray(0, firstChunkBytes)];
  for (let at = firstChunkBytes; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  const reader = new TextReader('bytes.txt', chunks, { totalBytes: bytes.length });
  return { text: await textOf(reader), report: reader.report };
}

export async function textOf(reader: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of reader) text += piece;
  return text;
}

/** A check for `assert.rejects`: an InputError with this code, whose message contains all the given words. */
export function inputError(code: InputErrorCode, ...words: string[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.code, code);
    for (const word of words) assert.ok(error.message.includes(word), `"${error.message}" does not say "${word}"`);
    return true;
  };
}

/** The sequence 0, 1, 2, ..., in which every id tells its place. */
export function places(length: number): TokenSequence {
  return TokenSequence.of(Array.from({ length }, (_, i) => i));
}

export function idsOf(sequence: TokenSequence): number[] {
  const ids = new Int32Array(sequence.length);
  sequence.copyTo(ids, 0, 0, sequence.length);
  return [...ids];
}
