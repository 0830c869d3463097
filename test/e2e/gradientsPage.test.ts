import assert from 'node:assert/strict';
import { accessibilityProblems, chartColors, overflow, until } from '../fixtures/panelPage/checks.ts';
import {
  bundleGradientsView,
  GradientsPage,
  madeUpRun,
  type GradientsPageOptions,
} from '../fixtures/panelPage/gradientsPage.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { madeUpProbe } from '../fixtures/probes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { assertNames } from '../harness/facts.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { FIRST_COMMANDS } from '../../src/protocol/gradientsView.ts';
import { type Headline, HEADLINES } from '../../src/protocol/verdicts.ts';
import { describeMissingProbe } from '../../webview/probes/describeProbe.ts';
import { say } from '../../src/phrases/phrase.ts';
import { takePicture } from '../harness/pictures.ts';

/** Probes of a run whose gradient vanishes at first and reaches further back with every probe. */
const history = Array.from({ length: 13 }, (_, i) =>
  madeUpProbe({ step: 100 * i, factor: 0.45 + 0.04 * i, verdict: i < 8 ? 'vanishing' : 'healthy' }),
);

/** Change per step of the gradient that fits a headline. */
const FACTORS: Partial<Record<Headline, number>> = { exploding: 1.2, mixed: 0.915, healthy: 0.98 };

/** The page of the sidebar view in a real browser, with a host that implements its protocol. */
describeInBrowser('the gradients view in a browser', bundleGradientsView, (pages) => {
  async function open(options: GradientsPageOptions = {}): Promise<GradientsPage> {
    return GradientsPage.open(pages, options);
  }

  const slider = ({ page }: GradientsPage) => page.locator('.scrubber input');
  const verdict = ({ page }: GradientsPage) => page.locator('.verdict-box');
  const tryNext = ({ page }: GradientsPage) => page.locator('.try-next');
  const position = async (shown: GradientsPage) => (await slider(shown).getAttribute('aria-valuetext')) ?? '';
  const spoken = (shown: GradientsPage) => verdict(shown).getByRole('status').textContent();

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const shown = await open({ theme });
      await shown.showRun(madeUpRun, history.slice(0, 6));
      for (const width of [240, 320, 520]) {
        await shown.page.setViewportSize({ width, height: 900 });
        await shown.settle();
        assert.equal(await overflow(shown), 0, `${width} px`);
        await takePicture(shown.page, `gradients/${theme}-${width}.png`);
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
      await shown.view.show(null);
      await shown.settle();
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open({ pseudo: true });
    const web = { page: shown.page, idle: () => shown.settle() };
    const problems = await pseudoProblems(web, 'gradientsView-no-run');
    for (const headline of HEADLINES) {
      await shown.showRun(madeUpRun, [madeUpProbe({ step: 500, verdict: headline, factor: FACTORS[headline] ?? 0.8 })]);
      problems.push(...(await pseudoProblems(web, `gradientsView-${headline}`)));
    }
    for (const state of ['starting', 'running', 'completed'] as const) {
      await shown.showRun({ ...madeUpRun, state }, []);
      problems.push(...(await pseudoProblems(web, `gradientsView-no-probe-${state}`)));
    }
    assert.deepEqual(problems, []);
  });

  it('shows the verdict, its reasons and the advice', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history.slice(0, 6));
    assert.equal(await verdict(shown).getByRole('heading', { level: 2 }).innerText(), say(verdictLabels.vanishing));
    assertNames(await verdict(shown).innerText(), history[5]?.verdicts[0]?.sentence ?? 'no verdict');
    assertNames((await spoken(shown)) ?? '', say(verdictLabels.vanishing), 50, 32);
    assert.deepEqual(await tryNext(shown).getByRole('button').allInnerTexts(), ['Forget bias 3', 'Clip at norm 1']);
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`shows each headline in the theme ${theme}, in a picture of its own`, async () => {
      const shown = await open({ theme });
      await shown.page.setViewportSize({ width: 320, height: 900 });
      const colors = new Set<string>();
      for (const headline of HEADLINES) {
        await shown.showRun(madeUpRun, [
          madeUpProbe({ step: 500, verdict: headline, factor: FACTORS[headline] ?? 0.8 }),
        ]);
        assert.equal(await verdict(shown).getByRole('heading', { level: 2 }).innerText(), say(verdictLabels[headline]));
        colors.add(
          await shown.page.evaluate<string>(
            "getComputedStyle(document.querySelector('.verdict-box')).getPropertyValue('--verdict')",
          ),
        );
        assert.equal(await overflow(shown), 0, headline);
        await takePicture(shown.page, `verdicts/${headline}-${theme}.png`);
      }
      assert.ok(colors.size >= 4, [...colors].join());
    });
  }

  it('draws the current curve over the first', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    const colors = await chartColors(shown, 'lastStep');
    assert.ok((colors['#3794ff'] ?? 0) > 50, 'the current probe');
    assert.ok((colors['#ea5c00'] ?? 0) > 20, 'the first probe');
    assert.deepEqual(
      [...new Set(shown.asked.probes)].sort((a, b) => a - b),
      [0, 1200],
    );
  });

  it('selects probes with the keyboard, and follows the newest one before that and at the end', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history.slice(0, 10));
    assertNames(await position(shown), '900', say(verdictLabels.healthy));
    await shown.setProbes(history.slice(0, 11), 10);
    assertNames(await position(shown), '1,000', say(verdictLabels.healthy));

    await slider(shown).press('Home');
    await slider(shown).press('ArrowRight');
    await shown.settle();
    assertNames(await position(shown), '100', say(verdictLabels.vanishing));
    assertNames((await spoken(shown)) ?? '', say(verdictLabels.vanishing), 50, '3.2e-16');
    await shown.setProbes(history.slice(0, 12), 11);
    assertNames(await position(shown), '100', say(verdictLabels.vanishing));

    await shown.page.locator('.scrubber button.tool').click();
    await shown.setProbes(history, 12);
    assertNames(await position(shown), '1,200', say(verdictLabels.healthy));
  });

  it('requests only the probes it draws while the slider is dragged', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    const before = shown.asked.probes.length;
    await shown.page.evaluate(`{
      const slider = document.querySelector('input[type=range]');
      for (let i = 11; i > 1; i--) { slider.value = i; slider.dispatchEvent(new Event('input')); }
    }`);
    await shown.settle();
    assert.deepEqual(shown.asked.probes.slice(before), [1100, 200]);
  });

  it('keeps the position of the selected probe when the history is decimated or truncated', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    for (let i = 0; i < 5; i++) await slider(shown).press('ArrowLeft');
    await shown.settle();
    assert.match(await position(shown), /\b700\b/);
    await shown.setProbes(
      history.filter((_, i) => i % 2 === 0),
      0,
    );
    assert.match(await position(shown), /\b600\b/);
    await shown.setProbes(history.slice(0, 3), 0);
    assert.match(await position(shown), /\b200\b/);
  });

  it('accepts zeros, values that are not finite and curves of one point', async () => {
    const shown = await open();
    const cases = [[1, 0.5, 0, 0], [1, 1e200, null, null], [null, null], [1]];
    for (const lastStep of cases) {
      const window = lastStep.length - 1;
      await shown.showRun(madeUpRun, [madeUpProbe({ step: 0, lastStep, timeSteps: window || 1 })]);
      assertNames(await verdict(shown).innerText(), window);
    }
    assert.deepEqual(shown.asked.reports, []);
  });

  it('starts an advised run once, and shows the error of the host', async () => {
    const refusals: (() => void)[] = [];
    const shown = await open({
      answersLate: true,
      tryAdvice: () => new Promise((_, reject) => refusals.push(() => reject(new Error('The text is gone.')))),
    });
    await shown.showRun(madeUpRun, history.slice(0, 6));
    const clip = tryNext(shown).getByRole('button').nth(1);
    await clip.click();
    await clip.click({ force: true });
    assert.deepEqual(shown.asked.advice, [{ step: 500, advice: 1 }]);
    refusals[0]?.();
    await shown.page.getByRole('alert').filter({ hasText: 'The text is gone.' }).waitFor();
  });

  it('explains why it is empty, and what to do', async () => {
    const shown = await open();
    await shown.view.show(null);
    await shown.settle();
    assert.ok(await shown.page.locator('.no-probe').isVisible());
    const offers = shown.page.locator('.no-probe button[data-command]');
    for (const offer of await offers.all()) await offer.click();
    for (const state of ['starting', 'running', 'completed'] as const) {
      await shown.showRun({ ...madeUpRun, state }, []);
      assertNames(await shown.page.locator('main').innerText(), describeMissingProbe({ ...madeUpRun, state }));
      assert.ok(await offers.first().isHidden());
    }
    await shown.showRun({ ...madeUpRun, probeEvery: 0 }, []);
    assertNames(await shown.page.locator('main').innerText(), describeMissingProbe({ ...madeUpRun, probeEvery: 0 }));
    assert.deepEqual(shown.asked.begun, FIRST_COMMANDS);
  });

  it('saves and copies the chart in a chosen size and theme', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    const trigger = shown.page.locator('[data-tool=picture]');
    const menu = shown.page.locator('.picture-menu');
    await trigger.click();
    assert.deepEqual(await accessibilityProblems(shown), []);
    await menu.locator('input').first().fill('10');
    await menu.locator('[data-picture=png]').click();
    assert.equal(shown.asked.files.length, 0);
    await menu.locator('input').first().fill('800');
    await menu.locator('input').nth(1).fill('500');
    for (const theme of ['light', 'transparent']) {
      for (const format of ['png', 'svg']) {
        if (await menu.isHidden()) await trigger.click();
        await menu.locator('select').selectOption(theme);
        await menu.locator(`[data-picture=${format}]`).click();
      }
    }
    await shown.settle();
    const [png, svg, , transparent] = shown.asked.files;
    const header = Buffer.from(png?.content ?? '', 'base64');
    assert.deepEqual([header.readUInt32BE(16), header.readUInt32BE(20)], [800, 500]);
    assert.ok(svg?.content.includes('<rect width="800" height="500" fill="#ffffff"'));
    assert.ok(transparent?.content.includes('fill="rgba(0, 0, 0, 0)"'));
    for (const { name } of shown.asked.files) assertNames(name, 'hamlet.txt', '800x500', 1200);
    await trigger.click();
    await menu.locator('[data-picture=copy]').click();
    await until(shown, "document.querySelector('.picture-menu [role=status]').textContent !== ''");
    await takePicture(shown.page, 'pictures/menu.png', { fullPage: false });
  });

  it('opens the panel, saves the chart, and shows its exact points in the table', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    await shown.page.locator('.view > button').click();
    for (const format of ['png', 'svg', 'csv']) await shown.page.locator(`[data-tool=${format}]`).click();
    await shown.settle();
    assert.equal(shown.asked.opened, 1);
    assert.deepEqual(
      shown.asked.files.map(({ format }) => format),
      ['png', 'svg', 'csv'],
    );
    for (const { name } of shown.asked.files) assertNames(name, 'hamlet.txt', 1200);
    await shown.page.locator('[data-tool=table]').click();
    const values = await shown.page
      .locator('.points tbody tr')
      .nth(20)
      .locator('data')
      .evaluateAll((all) => all.map((one) => Number((one as unknown as { value: string }).value)));
    assert.deepEqual(
      values,
      [
        history[0]?.flow[0]?.median,
        history[12]?.flow[0]?.low,
        history[12]?.flow[0]?.high,
        history[12]?.flow[0]?.median,
      ].map((curve) => curve?.[20]),
    );
  });

  it('restores the selected probe after a reload', async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    await slider(shown).press('Home');
    await shown.page.locator('[data-tool=log]').click();
    await shown.settle();
    await shown.page.reload();
    await shown.showRun(madeUpRun, history);
    assert.match(await position(shown), /\b0\b/);
    assert.equal(await shown.page.locator('[data-tool=log]').getAttribute('aria-pressed'), 'false');
    await shown.showRun({ ...madeUpRun, id: 'another' }, history);
    assert.match(await position(shown), /\b1,200\b/, 'another run is followed');
  });

  it("shows its own errors, and sends them to the host's log", async () => {
    const shown = await open();
    await shown.showRun(madeUpRun, history);
    await shown.view.probes({ keep: 99, added: [] });
    await shown.page
      .getByRole('alert')
      .filter({ hasText: /\b99\b.*\b13\b/ })
      .waitFor();
    assert.match(shown.asked.reports.join(), /RangeError: .*\b99\b/);
  });
});
