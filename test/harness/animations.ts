import type { Page } from 'playwright-core';

/** An animation as a browser decodes it. */
export interface DecodedAnimation {
  readonly width: number;
  readonly height: number;
  /** Number of repetitions; Infinity without end. */
  readonly repetitions: number;
  /** Time of each picture in milliseconds. */
  readonly milliseconds: readonly number[];
  /** A hash of the pixels of each picture. */
  readonly hashes: readonly string[];
}

/** Decodes an animated PNG with the image decoder of the browser. @param base64 the bytes of the file */
export async function decodeAnimation(page: Page, base64: string): Promise<DecodedAnimation> {
  const decoded = await page.evaluate<Omit<DecodedAnimation, 'repetitions'> & { repetitions: string }>(
    `(async () => {
      const data = Uint8Array.from(atob(${JSON.stringify(base64)}), (character) => character.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: 'image/png' });
      await decoder.tracks.ready;
      await decoder.completed;
      const { frameCount, repetitionCount } = decoder.tracks.selectedTrack;
      const milliseconds = [];
      const hashes = [];
      let size = {};
      for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
        const { image } = await decoder.decode({ frameIndex });
        milliseconds.push(image.duration / 1000);
        size = { width: image.displayWidth, height: image.displayHeight };
        const pixels = new Uint8Array(image.allocationSize());
        await image.copyTo(pixels);
        let hash = 0;
        for (const byte of pixels) hash = (Math.imul(hash, 31) + byte) | 0;
        hashes.push(String(hash));
        image.close();
      }
      return { ...size, repetitions: String(repetitionCount), milliseconds, hashes };
    })()`,
  );
  return { ...decoded, repetitions: Number(decoded.repetitions) };
}
