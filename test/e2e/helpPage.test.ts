import assert from 'node:assert/strict';
import { glossary } from '../../src/protocol/glossary/glossary.ts';
import type { TermId } from '../../src/protocol/glossary/terms.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { madeUpProbe, summariesOf } from '../fixtures/probes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

/** The buttons "?" of the panel and the boxes that they open. */
describeInBrowser('the explanations of the panel', bundlePanel, (pages) => {
  const box = ({ page }: PanelPage) => page.locator('.explanation:popover-open');

  async function open(theme: ThemeName, pseudo = false): Promise<PanelPage> {
    const probe = madeUpProbe({ step: 100 });
    const shown = await PanelPage.open(pages, { theme, pseudo, gradients: { probeAt: () => probe } });
    await shown.showRun(trainingRun(1000));
    await shown.panel.probes({ keep: 0, added: summariesOf([probe]) });
    for (let i = 0; i < 4; i++) await shown.idle();
    return shown;
  }

  it('belong to every chart and every figure, in the tabs Loss and Gradients', async () => {
    const shown = await open('dark');
    for (const [tab, things] of [
      ['loss', '[data-chart], [data-metric]'],
      ['gradients', '[data-chart], .gate-card, .block'],
    ] as const) {
      await shown.panel.openTab(tab);
      await shown.idle();
      const parts = shown.page.locator(`#body-${tab}`).locator(things);
      assert.ok((await parts.count()) > 5, tab);
      assert.equal(await parts.filter({ hasNot: shown.page.locator('button.help') }).count(), 0, tab);
    }
  });

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`open by keyboard with text, formula and source, and close with Escape, in the theme ${theme}`, async () => {
      const shown = await open(theme);
      for (const width of [400, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        const help = shown.page.locator('[data-chart=gradientNorm] button.help');
        await help.focus();
        await shown.page.keyboard.press('Enter');
        const { text, source } = glossary.gradientNorm;
        assert.ok((await box(shown).innerText()).includes(text()));
        assert.equal(await box(shown).locator('math').count(), 1);
        assert.equal(await box(shown).locator('a').getAttribute('href'), source.url);
        assert.equal(await help.getAttribute('aria-expanded'), 'true');
        assert.equal(await overflow(shown), 0, `${width} px`);
        assert.deepEqual(await accessibilityProblems(shown), []);
        await takePicture(shown.page, `help/${theme}-${width}.png`, { fullPage: false });
        // A formula that is wider than the box takes the focus first, so that the arrow keys scroll it.
        const focused = async () => shown.page.evaluate('document.activeElement?.tagName');
        for (let i = 0; i < 2 && (await focused()) !== 'A'; i++) await shown.page.keyboard.press('Tab');
        assert.equal(await focused(), 'A', 'the source can be reached');
        await shown.page.keyboard.press('Escape');
        assert.equal(await box(shown).count(), 0);
        assert.equal(await shown.page.evaluate('document.activeElement?.className'), 'help', 'the focus is back');
      }
    });
  }

  it('fit in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open('dark', true);
    const problems: string[] = [];
    const terms = new Set<string | null>();
    for (const tab of ['loss', 'gradients'] as const) {
      await shown.panel.openTab(tab);
      await shown.idle();
      for (const help of await shown.page.locator(`#body-${tab} button.help:visible`).all()) {
        const term = await help.getAttribute('data-term');
        if (terms.has(term)) continue;
        terms.add(term);
        await help.press('Enter');
        problems.push(...(await pseudoProblems(shown, `help-${term}`)));
        await shown.page.keyboard.press('Escape');
      }
    }
    assert.deepEqual(problems, []);
  });

  it('fit into the page for every term that it shows', async () => {
    const shown = await open('light');
    await shown.page.setViewportSize({ width: 400, height: 700 });
    const terms = new Set<TermId>();
    for (const tab of ['loss', 'gradients'] as const) {
      await shown.panel.openTab(tab);
      await shown.idle();
      for (const help of await shown.page.locator(`#body-${tab} button.help:visible`).all()) {
        const term = (await help.getAttribute('data-term')) as TermId;
        if (terms.has(term)) continue;
        terms.add(term);
        await help.press('Enter');
        const place = await box(shown).boundingBox();
        assert.ok(place && place.x >= 0 && place.x + place.width <= 400, term);
        await shown.page.keyboard.press('Escape');
      }
    }
    assert.ok(terms.size > 12, [...terms].join(', '));
  });
});
