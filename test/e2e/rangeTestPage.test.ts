import assert from 'node:assert/strict';
import { describeThemes } from '../fixtures/panelPage/appearance.ts';
import { chartColors } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { rangeTestRun } from '../fixtures/panelPage/runs.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';

/** The tab "Loss" of a learning rate range test, in the panel's built page in a real browser. */
describeInBrowser('a range test in a browser', bundlePanel, (pages) => {
  const open = async (options: PageOptions = {}) => PanelPage.open(pages, options);
  const card = ({ page }: PanelPage) => page.locator('[data-chart="loss"]');
  const sentence = async (shown: PanelPage) => (await card(shown).locator('.verdict[role=status]').textContent()) ?? '';
  const stages = {
    training: rangeTestRun(120, 'running'),
    diverged: rangeTestRun(),
    completed: rangeTestRun(200, 'completed'),
  };

  /** Texts and marks of the saved picture of the chart. */
  async function drawn(shown: PanelPage): Promise<{ texts: string[]; marks: number }> {
    const before = shown.asked.files.length;
    await card(shown).locator('[data-tool=picture]').click();
    await card(shown).locator('[data-tool=svg]').click();
    await eventually(() => assert.ok(shown.asked.files.length > before));
    const svg = shown.asked.files.at(-1)?.content ?? '';
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
    return { texts, marks: svg.split('stroke-dasharray="2 2"').length - 1 };
  }

  describeThemes(open, stages, { folder: 'rangeTest', widths: [300, 900] });

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open({ pseudo: true });
    const problems: string[] = [];
    for (const [name, run] of Object.entries(stages)) {
      await shown.showRun(run);
      problems.push(...(await pseudoProblems(shown, `rangeTest-${name}`)));
    }
    assert.deepEqual(problems, []);
  });

  it('draws the loss of each step and the smoothed one over the powers of ten of the rate, with a mark for each reading', async () => {
    const shown = await open();
    await shown.showRun(stages.diverged);
    const colors = await chartColors(shown, 'loss');
    assert.ok((colors['#3794ff'] ?? 0) > 50, 'the smoothed loss');
    const { texts, marks } = await drawn(shown);
    const numbers = texts.map(Number);
    for (const rate of [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1])
      assert.ok(numbers.includes(rate), `${rate} of ${texts.join()}`);
    assert.equal(marks, 3);
  });

  it('names the rate to try as soon as the run has ended, not before', async () => {
    const shown = await open();
    await shown.showRun({ ...stages.diverged, view: { ...stages.diverged.view, state: 'running' } });
    const before = await sentence(shown);
    const running = await drawn(shown);
    await shown.panel.update(stages.diverged.view);
    await shown.idle();
    const after = await sentence(shown);
    const numbers = (text: string) => text.match(/\d[\d.]*\d/g) ?? [];
    assert.ok(numbers(before).length === 3 && numbers(after).length === 4, after);
    assert.notEqual(before, after);
    assert.deepEqual([running.marks, (await drawn(shown)).marks], [2, 3]);
    await shown.showRun(stages.completed);
    assert.equal((await drawn(shown)).marks, 2);
  });
});
