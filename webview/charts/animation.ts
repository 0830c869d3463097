import { apngBytes, type ApngFrame } from '../../src/format/apng.ts';
import { pngBlob } from './picture.ts';
import type { PictureOptions } from './pictureMenu.ts';

/** Size, colors and length of an animation. */
export interface AnimationOptions extends PictureOptions {
  readonly seconds: number;
}

/** A picture of an animation. */
export interface AnimationFrame {
  readonly draw: () => HTMLCanvasElement;
  /** Its share of the time, relative to those of the other pictures. */
  readonly span: number;
}

/** Measurements through training, of which each one is a picture. */
export interface ThroughTraining<Content> {
  /** Steps with a measurement, in their order. */
  readonly steps: readonly number[];
  readonly at: (step: number) => Promise<Content>;
}

const FRAMES_PER_SECOND = 15;

/** Bounds of the memory and the time of an animation: its pictures, and the pixels of all of them. */
const MAX_FRAMES = 150;
const MAX_PIXELS = 300e6;

/** Share of the time for the last picture, in addition to its own. */
const HOLD = 0.2;

/** Largest number of pictures of an animation; at least two. */
export function frameLimit({ width, height, seconds }: AnimationOptions): number {
  return Math.max(2, Math.floor(Math.min(seconds * FRAMES_PER_SECOND, MAX_FRAMES, MAX_PIXELS / (width * height))));
}

/**
 * Encodes an animated PNG in base64. The pictures are drawn and compressed one after the other, so that the page stays
 * usable and one picture at a time is in memory without compression.
 * @param progress called after each picture with the number of them
 */
export async function encodeAnimation(
  frames: readonly AnimationFrame[],
  seconds: number,
  progress: (done: number, of: number) => void,
): Promise<string> {
  const spans = frames.reduce((sum, { span }) => sum + span, 0);
  const encoded: ApngFrame[] = [];
  for (const [index, { draw, span }] of frames.entries()) {
    const hold = index === frames.length - 1 ? HOLD : 0;
    const milliseconds = 1000 * seconds * (hold + ((1 - HOLD) * span) / spans);
    encoded.push({ png: new Uint8Array(await (await pngBlob(draw())).arrayBuffer()), milliseconds });
    progress(index + 1, frames.length);
  }
  return base64OfBytes(apngBytes(encoded));
}

async function base64OfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new FileReader();
  const url = await new Promise<string>((resolve, reject) => {
    reader.addEventListener('load', () => {
      if (typeof reader.result === 'string') resolve(reader.result);
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The animation cannot be read.')));
    reader.readAsDataURL(new Blob([bytes]));
  });
  return url.replace(/^[^,]*,/, '');
}
