import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { vsixFile } from '../../scripts/lib/product.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { CodeServer } from '../harness/codeServer.ts';
import { until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots/workbench');

const rhyme = Array.from(
  { length: 300 },
  (_, verse) => `the cat ${verse % 7} sat on the mat, and the dog ${verse % 5} ran after it.\n`,
).join('');
const other = 'and then the mat sat on the cat, and the cat ran 3 times after the dog.\n'.repeat(40);

const settings = {
  'sequenceLab.data.sequenceLength': 16,
  'sequenceLab.model.units': 24,
  'sequenceLab.training.batchSize': 8,
  'sequenceLab.training.learningRate': 0.01,
  'sequenceLab.training.steps': 200,
  'sequenceLab.backend': 'wasm',
  'editor.minimap.enabled': false,
};

/** The text in the editor, as a trained model reads it: followed by the panel, colored, hovered over. */
describe('the open text in the workbench', function () {
  this.timeout(600_000);
  let home: string;
  let folder: string;
  let server: CodeServer | undefined;
  let workbench: Workbench | undefined;

  before(async function () {
    await mkdir(screenshots, { recursive: true });
    try {
      await (await import('../../scripts/lib/codeServer.ts')).ensureCodeServer();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`the open text in the workbench: ${error.message}`);
      this.skip();
    }
  });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    await writeFile(join(folder, 'rhyme.txt'), rhyme);
    await writeFile(join(folder, 'other.txt'), other);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench?.screenshot(join(screenshots, 'failure-openText.png'));
      console.log((await server?.extensionHostLog())?.slice(-4000));
    }
    await workbench?.close();
    await server?.dispose();
    for (const made of [home, folder]) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A workbench in which a run on rhyme.txt has ended, with its panel beside the editor. */
  async function trained(): Promise<{ bench: Workbench; panel: () => Promise<Frame> }> {
    server = await CodeServer.start({ folder, vsix: [vsixFile], env: { SEQUENCE_LAB_HOME: home }, settings });
    const bench = await Workbench.open(server);
    workbench = bench;
    await bench.openFile('rhyme.txt');
    await bench.runCommand('Train LSTM on file');
    await bench.quickPickRows.filter({ hasText: 'Start with these settings' }).waitFor();
    await bench.page.keyboard.press('Enter');
    const panel = async () => bench.panelFrame('Sequence Lab: rhyme.txt');
    await until(
      'the run has ended',
      async () => (await (await panel()).locator('header .state').getAttribute('data-state')) === 'completed',
    );
    return { bench, panel };
  }

  it('the maps of the gates follow the file that is opened and the cursor', async () => {
    const { bench, panel } = await trained();
    const { page } = bench;
    await (await panel()).getByRole('tab', { name: 'Gates', exact: true }).click();
    const head = async () => (await panel()).locator('#body-gates .reading-head').innerText();
    await until('the text trained on is read', async () =>
      /^rhyme\.txt: \d+ characters around the cursor, as the network reads them after 200 steps/.test(await head()),
    );
    const text = async () => (await panel()).locator('#body-gates .tokens').innerText();
    const first = await text();
    assert.ok(first.startsWith('the cat 0 sat'), first);

    await bench.focusEditor();
    await bench.openFile('other.txt');
    await until(
      'the other file is read',
      async () => (await head()).startsWith('other.txt') && (await text()).startsWith('and then the mat'),
    );
    await page.keyboard.press('Control+End');
    await until('the cursor is followed', async () => !(await text()).startsWith('and then the mat'));

    const map = (await panel()).locator('[data-map="cellState"]').getByRole('application');
    await map.focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await until(
      'what the prediction leans on is there',
      async () =>
        (await (await panel()).locator('.token-bars li').count()) > 0 ||
        /Nothing that is shown/.test(await (await panel()).locator('.bars .notes').innerText()),
    );
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await bench.setTheme(theme);
      await sleep(500);
      await bench.screenshot(join(screenshots, `gates-${theme}.png`));
    }
  });

  it('is colored by a unit, tells more on hover, and can be typed into meanwhile', async () => {
    const { bench } = await trained();
    const { page } = bench;
    await bench.openFile('other.txt');
    /** Milliseconds that each key takes until the editor is ready for the next. */
    const typing = async (): Promise<number[]> => {
      await page.keyboard.press('Control+Home');
      const times: number[] = [];
      for (const key of 'the cat sat on the mat and ran after it ') {
        const start = performance.now();
        await page.keyboard.type(key);
        times.push(performance.now() - start);
      }
      await page.keyboard.press('Control+z');
      return times;
    };
    await bench.focusEditor();
    await typing();
    const plain = await measured(typing);

    await bench.runCommand('Color text by unit');
    await bench.quickPick('Unit 3');
    const colored = async () => page.locator('.monaco-editor .view-overlays [class*="ced-"]').count();
    await until('the text is colored', async () => (await colored()) > 20);
    await page.locator('.statusbar-item', { hasText: 'of unit 3' }).waitFor();
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await bench.setTheme(theme);
      await sleep(500);
      await bench.screenshot(join(screenshots, `colored-${theme}.png`));
    }

    await page
      .locator('.monaco-editor .view-line', { hasText: 'and then' })
      .first()
      .hover({ position: { x: 60, y: 8 } });
    const hover = page.locator('.monaco-hover:visible', { hasText: 'surprisal' });
    await hover.waitFor();
    assert.match(
      (await hover.innerText()).replaceAll('\u00a0', ' '),
      /surprisal \d\.\d\d nats[\s\S]*\d %[\s\S]*Unit 3 of/,
    );
    await bench.screenshot(join(screenshots, 'colored-hover.png'));

    await bench.focusEditor();
    const withColors = await measured(typing, async () =>
      until('the text is colored', async () => (await colored()) > 20),
    );
    console.log(`      a key takes ${plain} without colors and ${withColors} with them`);
    await until('the changed text is colored', async () => (await colored()) > 20);

    await page.locator('.statusbar-item', { hasText: 'of unit 3' }).click();
    await until('the colors are gone', async () => (await colored()) === 0);
  });
});

/** Several rounds of measurements, in words. */
async function measured(
  measure: () => Promise<number[]>,
  before: () => Promise<void> = async () => undefined,
): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < 4; round++) {
    await before();
    times.push(...(await measure()));
  }
  times.sort((a, b) => a - b);
  const share = (part: number) => times[Math.floor(part * times.length)]?.toFixed(0);
  return `${share(0.5)} ms (nine of ten within ${share(0.9)})`;
}
