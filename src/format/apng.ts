import { joinBytes } from './bytes.ts';
import { bigEndian, PNG_SIGNATURE, pngChunk } from './png.ts';

/** A picture of an animation. */
export interface ApngFrame {
  /** The bytes of a PNG file. All pictures of an animation have one size and one kind of pixels. */
  readonly png: Uint8Array;
  /** How long it is shown. */
  readonly milliseconds: number;
}

/** Longest time of a frame in milliseconds: the file has it as a fraction with 16 bits. */
const MAX_DELAY = 0xffff;

/**
 * Joins PNG pictures to an animated PNG (PNG specification, third edition, 2025), which repeats without end. A viewer
 * that does not know animations shows the first picture. The compressed pixels are copied as they are.
 * @throws RangeError without frames, or for pictures of different sizes or kinds of pixels
 * @throws Error for bytes that are not a PNG file
 */
export function apngBytes(frames: readonly ApngFrame[]): Uint8Array<ArrayBuffer> {
  const pictures = frames.map(({ png, milliseconds }) => ({ chunks: chunksOf(png), milliseconds }));
  const [first] = pictures;
  const header = first && dataOf(first.chunks, 'IHDR');
  if (!first || !header) throw new RangeError('An animation has at least one picture.');
  const end = first.chunks.findIndex(({ type }) => type === 'IDAT');
  const pieces = [
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('acTL', bigEndian(pictures.length, 0)),
    ...first.chunks.slice(1, end).map(({ type, data }) => pngChunk(type, data)),
  ];
  let sequence = 0;
  for (const [index, { chunks, milliseconds }] of pictures.entries()) {
    if (!isEqual(dataOf(chunks, 'IHDR'), header))
      throw new RangeError(`Picture ${index + 1} of the animation has another size or other pixels than the first.`);
    pieces.push(pngChunk('fcTL', frameControl(sequence++, header, milliseconds)));
    for (const { type, data } of chunks) {
      if (type !== 'IDAT') continue;
      pieces.push(index === 0 ? pngChunk('IDAT', data) : pngChunk('fdAT', joinBytes([bigEndian(sequence++), data])));
    }
  }
  return joinBytes([...pieces, pngChunk('IEND', new Uint8Array(0))]);
}

/** A part of a PNG file. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** The chunks of a PNG file in their order. @throws Error for bytes that are not a PNG file */
export function chunksOf(png: Uint8Array): PngChunk[] {
  if (!isEqual(png.subarray(0, PNG_SIGNATURE.length), PNG_SIGNATURE)) throw new Error('The picture is not a PNG file.');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: PngChunk[] = [];
  for (let at = PNG_SIGNATURE.length; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  if (chunks[0]?.type !== 'IHDR' || chunks.at(-1)?.type !== 'IEND') throw new Error('The PNG file is not complete.');
  return chunks;
}

function dataOf(chunks: readonly PngChunk[], type: string): Uint8Array | undefined {
  return chunks.find((each) => each.type === type)?.data;
}

/** Data of the chunk "fcTL": a frame as large as the picture, which replaces the one before. */
function frameControl(sequence: number, header: Uint8Array, milliseconds: number): Uint8Array {
  const delay = Math.min(MAX_DELAY, Math.max(1, Math.round(milliseconds)));
  const tail = new Uint8Array(6);
  const view = new DataView(tail.buffer);
  view.setUint16(0, delay);
  view.setUint16(2, 1000);
  return joinBytes([bigEndian(sequence), header.subarray(0, 8), bigEndian(0, 0), tail]);
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a?.length === b.length && b.every((byte, i) => byte === a[i]);
}
