import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../../out/screenshots');

/** Whether the tests of pages take pictures for people to look at, which no assertion reads. */
const isWanted = process.env['SEQUENCE_LAB_PICTURES'] === '1';

/**
 * Takes a picture of a page if `npm test -- SUITE --pictures` asks for it.
 * @param path under `out/screenshots`
 */
export async function takePicture(page: Page, path: string, { fullPage = true } = {}): Promise<void> {
  if (!isWanted) return;
  const file = resolve(root, path);
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage });
}
