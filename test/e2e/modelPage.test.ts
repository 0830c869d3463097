import assert from 'node:assert/strict';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

const TRANSLATION: RunConfigInput = {
  task: { name: 'sequence-to-sequence' },
  model: { attention: 'additive', layers: 2, embedding: 64 },
};

/** The picture of a run's model in the panel, in a real browser. */
describeInBrowser('the model in the panel', bundlePanel, (pages) => {
  async function open(config: RunConfigInput, options: PageOptions = {}): Promise<PanelPage> {
    const shown = await PanelPage.open(pages, options);
    const { task, model } = parseRunConfig(config);
    const run = trainingRun(400);
    await shown.showRun({ ...run, view: { ...run.view, network: { task: { name: task.name }, model } } });
    await shown.page.locator('.details summary').focus();
    await shown.page.keyboard.press('Enter');
    await shown.idle();
    return shown;
  }

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`is drawn in the theme ${theme}, is accessible and does not overflow`, async () => {
      const shown = await open(TRANSLATION, { theme });
      for (const width of [400, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(await overflow(shown), 0, `at ${width} px`);
        await takePicture(shown.page, `model/${theme}-${width}.png`, { fullPage: false });
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
      const fill = await shown.page.locator('.model-picture rect').first().getAttribute('fill');
      const background = await shown.page.evaluate('getComputedStyle(document.body).backgroundColor');
      assert.equal(fill, background);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open(TRANSLATION, { pseudo: true });
    assert.deepEqual(await pseudoProblems(shown, 'model', ['additive']), []);
  });

  it('is reached and saved with the keyboard, and repeated in a table', async () => {
    const shown = await open(TRANSLATION);
    const { page } = shown;
    for (const format of ['png', 'svg']) {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.dataset.tool'), format);
      await page.keyboard.press('Enter');
      await shown.idle();
    }
    const [png, svg] = shown.asked.files;
    assert.equal(
      Buffer.from(png?.content ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
      'PNG',
    );
    assert.match(svg?.content ?? '', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*>attention<.*<\/svg>$/s);
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate('document.activeElement.classList.contains("model-scroll")'));
    const rows = await page.locator('.model-table tbody tr').allTextContents();
    assert.equal(rows.length, 8);
    assert.match(rows[1] ?? '', /^encoder_lstm_1\[batch, timeSteps, 100\]66,000$/);
  });

  it('is left out for a model that is not a network', async () => {
    const shown = await open({ task: { name: 'classification' }, model: { family: 'naive-bayes' } });
    assert.ok(await shown.page.locator('.model-picture').isHidden());
    assert.ok(await shown.page.locator('.model-table').isHidden());
  });
});
