import fc from 'fast-check';
import type { InputErrorCode } from '../../../src/data/inputError.ts';
import { type ReadReport, TextReader } from '../../../src/data/textReader.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { errorWith, type Fact } from '../../harness/facts.ts';

/** Reads bytes that arrive in a first chunk and then in chunks of `chunkBytes`. Returns text and report. */
export async function readBytes(
  bytes: Uint8Array,
  chunkBytes: number,
  firstChunkBytes = chunkBytes,
  encoding?: string,
): Promise<{ text: string; report: ReadReport }> {
  const chunks = [bytes.subarray(0, firstChunkBytes)];
  for (let at = firstChunkBytes; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  const reader = new TextReader('bytes.txt', chunks, { totalBytes: bytes.length, encoding });
  return { text: await textOf(reader), report: reader.report };
}

export async function textOf(reader: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of reader) text += piece;
  return text;
}

/** Check for `assert.rejects`: an InputError with this code whose message contains all facts. */
export function inputError(code: InputErrorCode, ...facts: readonly Fact[]): (error: unknown) => true {
  return errorWith({ name: 'InputError', code }, ...facts);
}

/** Sequence 0, 1, 2, ..., where every id is its position. */
export function places(length: number): TokenSequence {
  return TokenSequence.of(Array.from({ length }, (_, i) => i));
}

export function idsOf(sequence: TokenSequence): number[] {
  const ids = new Int32Array(sequence.length);
  sequence.copyTo(ids, 0, 0, sequence.length);
  return [...ids];
}

/** Random text without NUL and CR, with frequent combining marks, joiners and emoji. */
export function anyText({ minLength = 0, maxLength = 20 } = {}): fc.Arbitrary<string> {
  const codePoint = fc.oneof(
    fc.constantFrom(
      ...Array.from('ab \n\u0301\u200D\uFFFD\uFEFF漢👩😀𝄞', (character) => character.codePointAt(0) ?? 0),
    ),
    fc.integer({ min: 0x20, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  );
  return fc.array(codePoint, { minLength, maxLength }).map((points) => String.fromCodePoint(...points));
}
