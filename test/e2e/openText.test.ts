import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { outFolder } from '../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, rhyme } from '../harness/lab.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { names } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';

/** The item of the status bar that names the unit. */
const UNIT_ITEM = /\b3, lstm_1/;

const screenshots = join(outFolder, 'screenshots', 'workbench');

const other = 'and then the mat sat on the cat, and the cat ran 3 times after the dog.\n'.repeat(40);

const suite = {
  files: { 'rhyme.txt': rhyme, 'other.txt': other },
  settings: {
    'sequenceLab.data.sequenceLength': 16,
    'sequenceLab.model.units': 24,
    'sequenceLab.training.batchSize': 8,
    'sequenceLab.training.learningRate': 0.01,
    'sequenceLab.training.steps': 200,
    'sequenceLab.backend': 'wasm',
    'editor.minimap.enabled': false,
  },
};

/** The text in the editor, as a trained model reads it: followed by the panel, colored, hovered over. */
describeInWorkbench('the open text in the workbench', suite, (bench) => {
  let workbench: Workbench;
  let lab: Lab;
  const panel = async (): Promise<Frame> => lab.frame();

  // A run on rhyme.txt, whose panel stays next to the editor.
  before(async () => {
    workbench = await bench().open();
    lab = new Lab(workbench);
    await lab.start();
    await until('the run has ended', async () => (await lab.state()) === 'completed');
  });

  it('the gate heat maps follow the open file and the cursor', async () => {
    const { page } = workbench;
    const head = async () => (await panel()).locator('#body-gates .reading-head').innerText();
    await actUntil(
      'the text trained on is read',
      async () => (await panel()).locator('#tab-gates').click({ timeout: 5000 }),
      async () => names(await head(), 'rhyme.txt', 200),
    );
    const text = async () => (await panel()).locator('#body-gates .tokens').innerText();
    await eventually(async () => assert.match(await text(), /^the cat 0 sat/));

    // The panel has the focus, so the file would open in its group.
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.focusEditor('other.txt');
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
      'the influence on the prediction is shown',
      async () =>
        (await (await panel()).locator('.token-bars li').count()) > 0 ||
        /".+".*\d/.test(await (await panel()).locator('.bars .notes').innerText()),
    );
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(join(screenshots, `gates-${theme}.png`));
    }
  });

  it('is colored by a unit, shows details on hover, and remains editable', async () => {
    const { page } = workbench;
    await actUntil(
      'the panel no longer reads the text at every key',
      async () => (await panel()).locator('#tab-loss').click({ timeout: 5000 }),
      async () => (await panel()).locator('#body-loss').isVisible(),
    );
    await workbench.runCommand('View: Focus First Editor Group');
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
    await workbench.focusEditor('other.txt');
    await typing();
    const plain = await measured(typing);

    await workbench.runCommand(packageText('commands.colorTextByUnit'));
    await workbench.quickPickByTyping('Unit 3', /Unit \d/);
    const colored = async () => page.locator('.monaco-editor .view-overlays [class*="ced-"]').count();
    await until('the text is colored', async () => (await colored()) > 20);
    await page.locator('.statusbar-item', { hasText: UNIT_ITEM }).waitFor();
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(join(screenshots, `colored-${theme}.png`));
    }

    await page
      .locator('.monaco-editor .view-line', { hasText: 'and then' })
      .first()
      .hover({ position: { x: 60, y: 8 } });
    const hover = page.locator('.monaco-hover:visible', { hasText: /nats/ });
    await hover.waitFor();
    assert.match((await hover.innerText()).replaceAll('\u00a0', ' '), /\d\.\d\d nats[\s\S]*\d %[\s\S]*\b3\b/);
    await workbench.screenshot(join(screenshots, 'colored-hover.png'));

    await workbench.focusEditor('other.txt');
    const withColors = await measured(typing, async () =>
      until('the text is colored', async () => (await colored()) > 20),
    );
    console.log(`      a key takes ${plain} without colors and ${withColors} with them`);
    await until('the changed text is colored', async () => (await colored()) > 20);

    await workbench.clickStatusBar(UNIT_ITEM, async () => (await colored()) === 0);
  });
});

/** Formats several rounds of measurements. */
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
  return `${share(0.5)} ms (90 % within ${share(0.9)})`;
}
