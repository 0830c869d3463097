import assert from 'node:assert/strict';
import type { Probe } from '../../src/protocol/probes.ts';
import { accessibilityProblems, chartColors, overflow, until } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { madeUpProbe, summariesOf } from '../fixtures/probes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { assertNames, type Fact } from '../harness/facts.ts';
import { eventually } from '../harness/until.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { describeMissingProbe, SINGULAR_VALUES } from '../../webview/probes/describeProbe.ts';
import { describeGlobalNorm } from '../../webview/panel/gradients/parameterRows.ts';
import { cutMark } from '../../webview/probes/lastStepChart.ts';
import { say } from '../../src/phrases/phrase.ts';
import { decodeAnimation } from '../harness/animations.ts';
import { takePicture } from '../harness/pictures.ts';

/** Two LSTM layers whose gradient reaches further back with every probe; every third probe is complete. */
const history = Array.from({ length: 11 }, (_, i) =>
  madeUpProbe({
    step: 100 * i,
    factor: 0.5 + 0.03 * i,
    layers: ['lstm_1', 'lstm_2'],
    complete: i % 3 === 0,
    verdict: i < 7 ? 'vanishing' : 'healthy',
  }),
);

/** The block of the lag matrix, the first of three. */
const MATRIX = '.gradients .blocks > section:first-child';

describeInBrowser('the tab "Gradients" in a browser', bundlePanel, (pages) => {
  /** The panel at the tab, with a run of these probes. */
  async function open(probes: readonly Probe[] = history, options: PageOptions = {}): Promise<PanelPage> {
    const gradients = {
      probeAt: ({ step }: { step: number }) => {
        const found = probes.find((probe) => probe.step === step);
        if (!found) throw new Error(`There is no probe of step ${step}.`);
        return found;
      },
      ...options.gradients,
    };
    const shown = await PanelPage.open(pages, { ...options, gradients });
    await shown.showRun(trainingRun(1000));
    await shown.panel.openTab('gradients');
    await send(shown, probes);
    return shown;
  }

  async function send(shown: PanelPage, probes: readonly Probe[]): Promise<void> {
    await shown.panel.probes({ keep: 0, added: summariesOf(probes) });
    // Waits for the responses to three requests, and for a frame.
    for (let i = 0; i < 4; i++) await shown.idle();
  }

  const card = ({ page }: PanelPage, id: string) => page.locator(`[data-chart="gradients.${id}"]`);
  const layerOf = ({ page }: PanelPage) => page.locator('#gradients-layer');
  const slider = ({ page }: PanelPage) => page.locator('#body-gradients .scrubber input');
  const said = (shown: PanelPage) =>
    shown.page.locator('#body-gradients .verdict-box').getByRole('status').textContent();

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const shown = await open(history, { theme });
      for (const width of [300, 900, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(await overflow(shown), 0, `${width} px`);
        await takePicture(shown.page, `panel/gradients-${theme}-${width}.png`);
      }
      for (const table of await shown.page.locator('.gate-table summary').all()) await table.click();
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open(history, { pseudo: true });
    await shown.page.locator('#gradients-extra').selectOption({ index: 2 });
    for (const table of await shown.page.locator('.gate-table summary').all()) await table.click();
    const problems = await pseudoProblems(shown, 'gradients');
    await shown.page.locator('[data-source=text]').click();
    await shown.page.getByRole('alert').filter({ hasText: 'This host has no model.' }).waitFor();
    await send(shown, []);
    assert.deepEqual(
      [...problems, ...(await pseudoProblems(shown, 'gradients-empty', ['This host has no model.']))],
      [],
    );
  });

  it('draws every curve of the default layer, and describes each', async () => {
    const shown = await open();
    const expected: Record<string, [color: string, ...facts: Fact[]]> = {
      lastStep: ['#3794ff', 50, '7.1e-6', '2.9e-5'],
      summed: ['#3794ff', 1.1],
      jacobian: ['#89d185', 50],
      forget: ['#b180d7', 1.02, 50],
      recurrentKernel: ['#f85149'],
      memory: ['#3794ff'],
      clipped: ['#ea5c00'],
    };
    for (const [id, [color, ...facts]] of Object.entries(expected)) {
      assert.ok(((await chartColors(shown, `gradients.${id}`))[color] ?? 0) > 20, `${id} is drawn`);
      const verdict = (await card(shown, id).locator('header .verdict').textContent()) ?? '';
      assertNames(verdict, ...facts);
      assert.equal(verdict === '', facts.length === 0, id);
    }
    assert.equal((await shown.page.locator('body').innerText()).split(SINGULAR_VALUES).length - 1, 2);
    assertNames(await shown.page.locator('.cost').innerText(), 32, 8, 50, '12.3 ms');
  });

  it('animates curves and the lag matrix through the probes of the run', async () => {
    const shown = await open();
    const complete = history.filter((_, i) => i % 3 === 0).length;
    const expected = [
      [card(shown, 'lastStep'), history.length],
      [card(shown, 'jacobian'), complete],
      [shown.page.locator(MATRIX), complete],
    ] as const;
    for (const [place, count] of expected) {
      await place.locator('[data-tool=picture]').click();
      const menu = place.locator('.picture-menu');
      await menu.locator('input').first().fill('600');
      await menu.locator('[data-picture=animation]').click();
      await eventually(() => assert.equal(shown.asked.files.length, 1));
      const [file] = shown.asked.files.splice(0);
      const { width, milliseconds, hashes } = await decodeAnimation(shown.page, file?.content ?? '');
      assert.deepEqual([width, milliseconds.length, new Set(hashes).size], [600, count, count]);
      await shown.page.keyboard.press('Escape');
    }
  });

  it('says in the menu that one probe is no animation', async () => {
    const shown = await open(history.slice(0, 1));
    await card(shown, 'lastStep').locator('[data-tool=picture]').click();
    const menu = card(shown, 'lastStep').locator('.picture-menu');
    await menu.locator('[data-picture=animation]').click();
    await until(
      shown,
      `[...document.querySelectorAll('.picture-menu [role=status]')].some((each) => each.textContent)`,
    );
    assert.deepEqual(shown.asked.files, []);
  });

  it('saves the lag matrix in a chosen size and theme, as PNG and SVG', async () => {
    const shown = await open();
    const matrix = shown.page.locator(MATRIX);
    for (const format of ['png', 'svg']) {
      await matrix.locator('[data-tool=picture]').click();
      const menu = matrix.locator('.picture-menu');
      for (const [i, value] of ['800', '500'].entries()) await menu.locator('input').nth(i).fill(value);
      await menu.locator('select').selectOption('light');
      await menu.locator(`[data-picture=${format}]`).click();
    }
    await eventually(() => assert.equal(shown.asked.files.length, 2));
    const [png, svg] = shown.asked.files;
    const header = Buffer.from(png?.content ?? '', 'base64');
    assert.deepEqual([header.readUInt32BE(16), header.readUInt32BE(20)], [800, 500]);
    const drawn = await shown.page.evaluate<Record<string, string | number | null>>(
      `(() => { const svg = new DOMParser().parseFromString(${JSON.stringify(svg?.content)}, 'image/svg+xml');
        return { errors: svg.querySelectorAll('parsererror').length, images: svg.querySelectorAll('image').length,
          width: svg.documentElement.getAttribute('width'), fill: svg.querySelector('rect').getAttribute('fill') }; })()`,
    );
    assert.deepEqual(drawn, { errors: 0, images: 1, width: '800', fill: '#ffffff' });
  });

  it('adds the root mean square or single sequences to the median, also after a reload', async () => {
    const shown = await open();
    const legend = card(shown, 'lastStep').locator('.legend li');
    const extra = shown.page.locator('#gradients-extra');
    const plain = await legend.count();
    await extra.selectOption({ index: 1 });
    await shown.idle();
    assert.equal(await legend.count(), plain + 1);
    await extra.selectOption({ index: 2 });
    await shown.idle();
    assert.equal(await legend.count(), plain + 8);
    assert.ok(((await chartColors(shown, 'gradients.lastStep'))['#cca700'] ?? 0) > 20, 'single sequences are drawn');
    await shown.page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(1000));
    await shown.panel.openTab('gradients');
    await send(shown, history);
    assert.equal(await legend.count(), plain + 8);
  });

  it('shows measurements of the latest complete probe, with a note', async () => {
    const shown = await open();
    assertNames(await card(shown, 'jacobian').locator('.notes').innerText(), 900);
    const matrix = shown.page.locator(MATRIX);
    assertNames(await matrix.locator('.verdict').innerText(), 900);
    const map = matrix.getByRole('application');
    await map.focus();
    await map.press('ArrowDown');
    assert.match(await matrix.getByRole('status').innerText(), /\b0\b.*\b0\b.*\b0\.03/);
    await slider(shown).press('ArrowLeft');
    await shown.idle();
    assert.equal(await card(shown, 'jacobian').locator('.notes').innerText(), '');
  });

  it('explains why there is no lag matrix', async () => {
    const shown = await open([madeUpProbe({ step: 0, complete: false })]);
    assert.notEqual(await shown.page.locator(`${MATRIX} .empty`).innerText(), '');
    assert.notEqual(await card(shown, 'jacobian').locator('.empty').innerText(), '');
  });

  it('shows the selected layer and direction, also after a reload', async () => {
    const probes = [
      madeUpProbe({ step: 0, layers: ['gru_1', 'gru_1<'], cell: 'gru', factor: 1.3, verdict: 'exploding' }),
    ];
    const shown = await open(probes);
    const layer = layerOf(shown);
    assert.deepEqual(await layer.locator('option').allTextContents(), ['gru_1, forward', 'gru_1, backward']);
    assert.equal(await layer.inputValue(), 'gru_1, forward');
    await layer.selectOption('gru_1, backward');
    assertNames((await said(shown)) ?? '', say(verdictLabels.exploding), 50, '5.0e5');
    assert.equal(await card(shown, 'forget').count(), 0, 'a GRU has no cell state');
    await shown.page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(1000));
    await send(shown, probes);
    assert.equal(await layerOf(shown).inputValue(), 'gru_1, backward');
  });

  it('probes the open text on demand, and marks the truncation of training', async () => {
    let probed = 0;
    const probeOpenText = () => {
      probed++;
      return {
        name: 'macbeth.txt',
        probe: madeUpProbe({
          step: 1000,
          source: 'text',
          timeSteps: 100,
          layers: ['lstm_1', 'lstm_2'],
          factor: 0.99,
          verdict: 'healthy',
        }),
      };
    };
    const shown = await open(history, { gradients: { probeOpenText } });
    await shown.page.locator('[data-source=text]').click();
    await shown.idle();
    assertNames(await shown.page.locator('.cost').innerText(), '"macbeth.txt"', 1, 100);
    assert.ok(await slider(shown).isHidden());
    assertNames((await said(shown)) ?? '', say(verdictLabels.healthy), 100, 0.37);
    await shown.page.locator('.gradients-controls > button').click();
    await shown.page.locator('[data-source=batch]').click();
    await shown.idle();
    assert.equal(probed, 2);
    assert.ok(await slider(shown).isVisible());
    await card(shown, 'lastStep').locator('[data-tool=svg]').click();
    await shown.idle();
    assertNames(shown.asked.files[0]?.content, cutMark(100).label);
  });

  it('shows the error of the host if the open text cannot be probed', async () => {
    const shown = await open();
    await shown.page.locator('[data-source=text]').click();
    await shown.page.getByRole('alert').filter({ hasText: 'This host has no model.' }).waitFor();
    assert.equal(await shown.page.locator('[data-source=batch]').getAttribute('aria-pressed'), 'true');
  });

  it('has a row for every parameter, and tables for the drawings of every gate', async () => {
    const shown = await open();
    const rows = shown.page.locator('table.parameters tbody tr');
    assert.equal(await rows.count(), history[0]?.parameters.length);
    assert.match(await rows.first().innerText(), /lstm_1\/kernel\s+0\.8\s+12\s+0\.001/);
    const table = shown.page.locator('[data-gate=forget]');
    assertNames((await table.locator('.histogram').getAttribute('aria-label')) ?? '', 0, 1, 0.1, 0.9);
    await table.locator('summary').click();
    await table.locator('tbody tr').first().waitFor();
    assert.equal(await table.locator('tbody tr').count(), 20 + 100);
    await slider(shown).press('ArrowLeft');
    await shown.idle();
    assert.ok(
      await shown.page.locator('[data-gate=forget]').locator('table').first().isVisible(),
      'stays open with another probe',
    );
  });

  it('explains why it is empty', async () => {
    const shown = await open([]);
    assert.equal(
      await shown.page.locator('#body-gradients .empty-tab').innerText(),
      describeMissingProbe(trainingRun(1000).view),
    );
  });

  it('accepts probes without finite numbers', async () => {
    const broken = madeUpProbe({ step: 0, verdict: 'exploding', lastStep: [null, null, null], timeSteps: 2 });
    const shown = await open([
      {
        ...broken,
        gradientNorm: null,
        loss: null,
        parameters: broken.parameters.map(({ name }) => ({
          name,
          gradientNorm: null,
          weightNorm: null,
          updateRatio: null,
        })),
        layers: broken.layers.map((layer) => ({
          ...layer,
          summed: { h: [null, null, null], c: null },
          lagMatrix: [
            [null, null],
            [null, 0, null],
          ],
          sigmaMax: null,
          spectralRadius: null,
        })),
      },
    ]);
    assert.equal(
      await shown.page.locator('.block:has(.parameters) > .verdict').innerText(),
      describeGlobalNorm({ ...broken, gradientNorm: null }),
    );
    assert.deepEqual(shown.asked.reports, []);
  });
});
