import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { until } from '../harness/until.ts';
import type { Theme, Workbench } from '../harness/workbench.ts';

/** Widths: of the window, or of the page in it. */
const WINDOW_WIDTH = 1400;
const PAGE_WIDTH = 400;
const HEIGHT = 900;
/** A longer page is cut off. */
const MAX_HEIGHT = 8000;
const MAX_STEPS = 4;
/** Width of a window without a page in the narrow pictures. */
const NARROW_WINDOW = 600;

interface Stage {
  /** Page of the extension that the stage is about; without it, only the window is looked at. */
  readonly page?: () => Promise<Frame>;
  /** Restores what a change of theme closes, such as a quick pick. */
  readonly arrange?: () => Promise<void>;
}

/** Pictures of each stage in two themes and two widths, with the whole page in view. */
export class Album {
  readonly #workbench: Workbench;
  readonly #folder: string;
  #count = 0;
  #theme: Theme = 'dark';
  /** Width of the window at which the last page had its narrow width. */
  #narrow = 2 * PAGE_WIDTH;

  constructor(workbench: Workbench, folder: string) {
    this.#workbench = workbench;
    this.#folder = folder;
  }

  /** Takes the four pictures, and fails if axe finds a problem in the page in one of the themes. */
  async take(name: string, stage: Stage = {}): Promise<void> {
    const label = `${String(++this.#count).padStart(2, '0')}-${name}`;
    const problems: string[] = [];
    // Each stage begins with the theme of the last one, which saves a change.
    const other = this.#theme === 'dark' ? 'light' : 'dark';
    for (const theme of [this.#theme, other] as const) {
      await this.#workbench.setTheme(theme);
      await stage.arrange?.();
      for (const width of [WINDOW_WIDTH, PAGE_WIDTH]) {
        await (width === PAGE_WIDTH ? this.#narrowTo(stage) : this.#resize(WINDOW_WIDTH, HEIGHT));
        await this.#showWhole(stage);
        await this.#workbench.screenshot(join(this.#folder, `${label}-${theme}-${width}.png`));
      }
      const found = stage.page ? await accessibilityProblems({ page: await stage.page() }) : [];
      problems.push(...found.map((problem) => `${theme}: ${problem}`));
      await this.#resize(WINDOW_WIDTH, HEIGHT);
    }
    this.#theme = other;
    assert.deepEqual(problems, [], label);
  }

  async #resize(width: number, height: number): Promise<void> {
    await this.#workbench.page.setViewportSize({ width, height });
  }

  /** Makes the window narrow until its page is. */
  async #narrowTo({ page }: Stage): Promise<void> {
    await this.#resize(page ? this.#narrow : NARROW_WINDOW, HEIGHT);
    if (!page) return;
    await until(`the page is ${PAGE_WIDTH} px wide`, async () => {
      const { width } = await stableSize(await page());
      if (width === PAGE_WIDTH) return true;
      // The page gets its share of the additional width, which is at least a pixel.
      this.#narrow += PAGE_WIDTH - width;
      await this.#resize(this.#narrow, HEIGHT);
      return false;
    });
  }

  /** Makes the window so high that the page needs no scroll bar. Charts grow with it, so it takes several steps. */
  async #showWhole({ page }: Stage): Promise<void> {
    // Away from what has a hover.
    await this.#workbench.page.mouse.move(0, 0);
    if (!page) return;
    const frame = await page();
    await frame.evaluate('scrollTo(0, 0)');
    for (let step = 0; step < MAX_STEPS; step++) {
      const { height, content } = await stableSize(frame);
      const viewport = this.#workbench.page.viewportSize();
      assert.ok(viewport);
      if (content <= height || viewport.height === MAX_HEIGHT) return;
      await this.#resize(viewport.width, Math.min(MAX_HEIGHT, viewport.height + content - height));
    }
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
  /** Height of the content. */
  readonly content: number;
}

/** The size of a page when it no longer changes. */
async function stableSize(frame: Frame): Promise<Size> {
  let last = '';
  let size: Size | undefined;
  await until('the layout is stable', async () => {
    size = await frame.evaluate<Size>(`new Promise((done) => setTimeout(() => done({
      width: innerWidth,
      height: innerHeight,
      content: document.documentElement.scrollHeight,
    }), 100))`);
    const isStable = JSON.stringify(size) === last;
    last = JSON.stringify(size);
    return isStable;
  });
  assert.ok(size);
  return size;
}
