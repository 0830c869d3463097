import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { run } from './run.ts';

/** Milliseconds between two frames, in the recording and in the file. */
const PERIOD = 300;
const WIDTH = 960;
const COLORS = 128;
/** Maximum number of frames. If an action takes longer on a slow machine, frames are skipped. */
const FRAMES = 50;
/** Lossy compression levels of gifsicle, tried in this order until the file is small enough. */
const LOSSES = [40, 80, 120, 200];
const LARGEST_FILE = 3_000_000;

/**
 * Records a page as an animated GIF while `action` runs. Needs the programs convert (ImageMagick) and gifsicle.
 *
 * @throws Error if the file is larger than 3 MB
 */
export async function recordAnimation(page: Page, file: string, action: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-frames-'));
  try {
    const frames: string[] = [];
    const acting = { done: false };
    const recording = (async () => {
      while (!acting.done) {
        const path = join(folder, `${String(frames.length).padStart(4, '0')}.png`);
        const next = sleep(PERIOD);
        await page.screenshot({ path });
        frames.push(path);
        await next;
      }
    })();
    await action().finally(() => (acting.done = true));
    await recording;
    const kept = frames.filter((_, index) => index % Math.ceil(frames.length / FRAMES) === 0);
    const uncompressed = join(folder, 'uncompressed.gif');
    const delay = String(PERIOD / 10);
    await run('convert', ['-delay', delay, ...kept, '-resize', `${WIDTH}x`, '-loop', '0', uncompressed], {
      quiet: true,
    });
    for (const loss of LOSSES) {
      const args = ['-O3', '--colors', String(COLORS), `--lossy=${loss}`, uncompressed, '-o', file];
      await run('gifsicle', args, { quiet: true });
      const { size } = await stat(file);
      console.log(`${file}: ${kept.length} frames, ${(size / 1e6).toFixed(2)} MB`);
      if (size <= LARGEST_FILE) return;
    }
    throw new Error(`${file} is larger than ${LARGEST_FILE} bytes.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
