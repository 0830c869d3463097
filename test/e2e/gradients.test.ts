import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { outFolder } from '../../scripts/lib/paths.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { names } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';
import { say } from '../../src/phrases/phrase.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');

/** Forget gates that start closed make the gradient vanish; probes come often. */
const vanishingRun = {
  ...smallRun,
  'sequenceLab.model.forgetBias': -2,
  'sequenceLab.data.sequenceLength': 40,
  'sequenceLab.probes.every': 20,
};

/** The step in the head of the view: the second to last number. The last one is the total number of steps. */
function stepIn(words: string): number {
  return Number(
    words
      .match(/\d[\d,]*/g)
      ?.at(-2)
      ?.replaceAll(',', ''),
  );
}

const suite = { files: { 'rhyme.txt': rhyme }, settings: vanishingRun };

describeInWorkbench('gradients in the workbench', suite, (bench) => {
  let workbench: Workbench;

  before(async () => {
    workbench = await bench().open();
  });

  const view = async (): Promise<Frame> => workbench.panelFrame(packageText('views.gradients'));

  it('show the verdict of a training run, earlier probes, all curves in the panel, a probe of the open text, and a run with the advice', async () => {
    const { home } = bench();
    const lab = new Lab(workbench);
    await workbench.openView('Sequence Lab');
    await until('the view says that there is no run', async () =>
      (await view()).locator('.no-probe button').first().isVisible(),
    );
    await lab.start();
    await until(
      'probes have been taken',
      async () => Number(await (await view()).locator('.scrubber input').getAttribute('max')) >= 3,
    );
    await lab.press('pause', 'paused');

    const probes = await readProbes(await onlyRun(home));
    const last = probes.at(-1);
    assert.ok(last);
    const slider = (await view()).locator('.scrubber input');
    await until('the newest probe is shown', async () =>
      names((await slider.getAttribute('aria-valuetext')) ?? '', last.step),
    );
    await eventually(async () => {
      const tree = await (await view()).locator('.verdict-box').ariaSnapshot();
      assert.ok(tree.includes(say(last.verdicts[0]?.sentence ?? 'no verdict').slice(0, 60)), tree);
    });

    await slider.press('Home');
    await until('the first probe is shown', async () => names((await slider.getAttribute('aria-valuetext')) ?? '', 0));
    await until('its reasons are there', async () =>
      (await (await view()).locator('.verdict-box').innerText()).includes(
        say(probes[0]?.verdicts[0]?.sentence ?? 'no verdict'),
      ),
    );
    assert.equal(probes[0]?.verdict, 'vanishing');
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(join(screenshots, `gradients-${theme}.png`));
    }
    assert.deepEqual(await accessibilityProblems({ page: await view() }), []);

    await actUntil(
      'the panel shows its tab',
      async () => (await view()).locator('.view > button').click({ timeout: 5000 }),
      async () => (await lab.frame()).locator('#body-gradients').isVisible(),
    );
    await until('with its verdict', async () =>
      (await lab.frame()).locator('#body-gradients .verdict-box').isVisible(),
    );
    assert.deepEqual(await accessibilityProblems({ page: await lab.frame() }), []);
    await actUntil(
      'the open text is probed',
      async () => (await lab.frame()).locator('[data-source=text]').click({ timeout: 5000 }),
      async () => names(await (await lab.frame()).locator('.cost').innerText(), '"rhyme.txt"'),
    );
    await workbench.screenshot(join(screenshots, 'gradients-tab.png'));

    await (await view()).locator('.try-next').getByRole('button').first().click();
    await until('the advised run is there', async () => (await readdir(join(home, 'runs'))).length === 2);
    await until(
      'the view is about it',
      async () => stepIn(await (await view()).locator('.summary').innerText()) > last.step + 20,
    );
  });
});
