import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { vsixFile } from '../../scripts/lib/product.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { CodeServer } from '../harness/codeServer.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots/workbench');

/** Forget gates that start closed make the gradient vanish; probes come often. */
const vanishingRun = {
  ...smallRun,
  'sequenceLab.model.forgetBias': -2,
  'sequenceLab.data.sequenceLength': 40,
  'sequenceLab.probes.every': 20,
};

/** The step that the view's head names. */
function stepIn(words: string): number {
  return Number(/step ([\d,]+) of/.exec(words)?.[1]?.replaceAll(',', ''));
}

describe('gradients in the workbench', function () {
  this.timeout(600_000);
  let home: string;
  let folder: string;
  let server: CodeServer;
  let workbench: Workbench;

  before(async function () {
    await mkdir(screenshots, { recursive: true });
    try {
      await (await import('../../scripts/lib/codeServer.ts')).ensureCodeServer();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`gradients in the workbench: ${error.message}`);
      this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    await writeFile(join(folder, 'rhyme.txt'), rhyme);
    server = await CodeServer.start({
      folder,
      vsix: [vsixFile],
      env: { SEQUENCE_LAB_HOME: home },
      settings: vanishingRun,
    });
    workbench = await Workbench.open(server);
  });

  after(async () => {
    await workbench?.close();
    await server?.dispose();
    for (const made of [home, folder]) if (made) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench.screenshot(join(screenshots, 'gradients-failure.png'));
    console.log((await server.extensionHostLog())?.slice(-4000));
  });

  const view = async (): Promise<Frame> => workbench.panelFrame('Gradients');

  it('open the view, train, read the verdict, scrub, see it all in the panel, probe the open text, try the advice', async () => {
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Sequence Lab' }).click();
    const lab = new Lab(workbench);
    await until('the view says that there is no run', async () =>
      /No run yet/.test(await (await view()).locator('main').innerText()),
    );
    await lab.start();
    await until(
      'probes have been taken',
      async () =>
        Number(await (await view()).getByRole('slider', { name: 'Probe of the run' }).getAttribute('max')) >= 3,
    );
    await lab.press('Pause');
    await until('the run is held', async () => (await lab.state()) === 'paused');

    const probes = await readProbes(await onlyRun(home));
    const last = probes.at(-1);
    assert.ok(last);
    const slider = (await view()).getByRole('slider', { name: 'Probe of the run' });
    await until(
      'the newest probe is shown',
      async () => (await slider.getAttribute('aria-valuetext'))?.startsWith(`Step ${last.step},`) === true,
    );
    const tree = await (await view()).getByRole('region', { name: 'Verdict' }).ariaSnapshot();
    assert.ok(tree.includes(last.verdict.reasons[0]?.sentence.slice(0, 60) ?? 'no reason'), tree);

    await slider.press('Home');
    await until(
      'the first probe is shown',
      async () => (await slider.getAttribute('aria-valuetext'))?.startsWith('Step 0,') === true,
    );
    await until('its reasons are there', async () =>
      (await (await view()).getByRole('region', { name: 'Verdict' }).innerText()).includes(
        probes[0]?.verdict.reasons[0]?.sentence ?? 'no reason',
      ),
    );
    assert.equal(probes[0]?.verdict.verdict, 'vanishing');
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await workbench.setTheme(theme);
      await sleep(500);
      await workbench.screenshot(join(screenshots, `gradients-${theme}.png`));
    }
    assert.deepEqual(await accessibilityProblems({ page: await view() }), []);

    await (await view()).getByRole('button', { name: 'Show all gradients' }).click();
    await until('the panel shows its tab', async () =>
      (await lab.frame()).getByRole('tabpanel', { name: 'Gradients' }).isVisible(),
    );
    await until('with its verdict', async () =>
      (await lab.frame()).getByRole('region', { name: 'Verdict' }).isVisible(),
    );
    assert.deepEqual(await accessibilityProblems({ page: await lab.frame() }), []);
    await (await lab.frame()).getByRole('button', { name: 'Open text' }).click();
    await until('the open text is probed', async () =>
      /"rhyme\.txt"\. This probe read/.test(await (await lab.frame()).locator('.cost').innerText()),
    );
    await workbench.screenshot(join(screenshots, 'gradients-tab.png'));

    await (await view()).getByRole('region', { name: 'Try next' }).getByRole('button').first().click();
    await until('the advised run is there', async () => (await readdir(join(home, 'runs'))).length === 2);
    await until(
      'the view is about it',
      async () => stepIn(await (await view()).locator('.summary').innerText()) > last.step + 20,
    );
  });
});
