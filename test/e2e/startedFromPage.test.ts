import assert from 'node:assert/strict';
import { runParent } from '../../src/config/runParent.ts';
import type { StartedFrom } from '../../src/protocol/startedFrom.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { assertNames } from '../harness/facts.ts';
import { describeInBrowser } from '../harness/pages.ts';

/** The line of the panel's header that names the run that the shown run was started from. */
describeInBrowser('the line with the parent of a run', bundlePanel, (pages) => {
  const from: StartedFrom = {
    reason: 'again',
    changes: { 'model.forgetBias': 3, 'training.learningRate': 0.002 },
    run: { title: 'LSTM 1x100 \u00b7 hamlet.txt' },
  };
  const line = ({ page }: PanelPage) => page.locator('.started-from');

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const shown = await PanelPage.open(pages, { theme });
      await shown.showRun(trainingRun());
      await shown.panel.startedFrom(from);
      for (const width of [400, 1400]) {
        await shown.page.setViewportSize({ width, height: 900 });
        await shown.idle();
        assert.equal(await overflow(shown), 0, `${width} px`);
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await PanelPage.open(pages, { pseudo: true });
    await shown.showRun(trainingRun());
    const problems: string[] = [];
    for (const reason of runParent.shape.reason.options) {
      await shown.panel.startedFrom({ ...from, reason });
      problems.push(...(await pseudoProblems(shown, `started-from-${reason}`)));
    }
    await shown.panel.startedFrom({ ...from, run: null });
    assert.deepEqual([...problems, ...(await pseudoProblems(shown, 'started-from-deleted'))], []);
  });

  it('names the parent and the changes, and opens the parent and the comparison with the keyboard', async () => {
    const shown = await PanelPage.open(pages);
    await shown.showRun(trainingRun());
    assert.ok(await line(shown).isHidden());
    await shown.panel.startedFrom(from);
    await shown.idle();
    assertNames(await line(shown).innerText(), 'hamlet.txt', 'forget bias', 3, 'lr', 0.002);
    const [parent, compare] = [line(shown).getByRole('button').first(), line(shown).getByRole('button').last()];
    await parent.press('Enter');
    await shown.idle();
    assert.equal(shown.asked.parents, 1);
    await compare.press('Enter');
    await shown.idle();
    assert.deepEqual(shown.asked.tabs, ['loss', 'compare']);
  });

  it('has no link to a deleted parent, and disappears with the next run', async () => {
    const shown = await PanelPage.open(pages);
    await shown.showRun(trainingRun());
    await shown.panel.startedFrom({ ...from, run: null });
    await shown.idle();
    assertNames(await line(shown).innerText(), 'forget bias');
    assert.equal(await line(shown).getByRole('button').count(), 0);
    const { view, ...rest } = trainingRun();
    await shown.showRun({ ...rest, view: { ...view, id: 'another' } });
    assert.ok(await line(shown).isHidden());
  });
});
