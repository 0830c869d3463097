import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../../harness/inWorkbench.ts';
import { Lab, rhyme, smallRun } from '../../harness/lab.ts';
import { packageText } from '../../harness/packageText.ts';
import { actUntil, eventually, until } from '../../harness/until.ts';

const screenshots = join(outFolder, 'screenshots', 'web');

/** The status bar's item of a run of `smallRun`. */
const RUN_ITEM = /LSTM \d+x\d+ · (?:paused · )?\d+\/1000000/;

describeInWorkbench(
  'training in a browser without Node',
  { files: { 'rhyme.txt': rhyme }, settings: { ...smallRun, 'sequenceLab.backend': 'wasm' }, web: true },
  (bench) => {
    it('trains an open file, pauses, and resumes after a reload of the page', async () => {
      const workbench = await bench().open();
      const lab = new Lab(workbench);
      await lab.start();
      await until('the step counter moves', async () => (await lab.step()) >= 45);
      assert.deepEqual(await bench().server.trainers(), [], 'nothing trains outside of the browser');
      const points = await lab.points('loss', 0);
      assert.ok(points.length > 0 && points.every((value) => Number.isFinite(value)));
      await eventually(async () => assert.match(await workbench.statusBar(), RUN_ITEM));
      await workbench.screenshot(join(screenshots, 'training.png'));

      await lab.press('pause', 'paused');
      await lab.press('unpause', 'running');
      await lab.press('stop', 'stopped');
      const stoppedAt = await lab.step();

      await workbench.reload();
      await until(
        'the panel is back with its run',
        async () => (await lab.state()) === 'stopped' && (await lab.step()) === stoppedAt,
      );
      await lab.press('resume', 'running');
      await until('the run continues', async () => (await lab.step()) > stoppedAt + 40);
      await lab.press('stop', 'stopped');
      await workbench.screenshot(join(screenshots, 'resumed.png'));
    });

    it('shows the gates on the open text and generates a text with a stored model', async () => {
      const { workbench } = bench();
      const lab = new Lab(workbench);
      await workbench.focusEditor('rhyme.txt');
      const panel = async () => lab.frame();
      await actUntil(
        'the model reads the text of the editor',
        async () => (await panel()).locator('#tab-gates').click({ timeout: 5000 }),
        async () => (await (await panel()).locator('#body-gates .tokens').innerText()).includes('the cat'),
      );
      await workbench.screenshot(join(screenshots, 'gates.png'));
      await workbench.openView('Sequence Lab');
      const gradients = async () => workbench.panelFrame(packageText('views.gradients'));
      await until('probes are shown', async () => (await gradients()).locator('.scrubber input').isVisible());
      await workbench.screenshot(join(screenshots, 'gradients.png'));

      await workbench.focusEditor('rhyme.txt');
      await workbench.page.keyboard.press('Control+Home');
      const before = (await workbench.editorText()).split('\n')[0];
      await workbench.runCommand(packageText('commands.generateTextAtCursor'));
      await until('a text is written', async () => (await workbench.editorText()).split('\n')[0] !== before);
      await workbench.screenshot(join(screenshots, 'generated.png'));
    });

    it('exports the run as a page that runs its model', async () => {
      const { workbench, folder } = bench();
      await workbench.runCommand(packageText('commands.exportPage'));
      await workbench.quickPick('With the model');
      const path = workbench.quickInput.locator('input.input');
      await until('the place is chosen', async () => (await path.inputValue()).endsWith('.html'));
      await actUntil(
        'the page is saved',
        async () => workbench.page.keyboard.press('Enter'),
        async () => (await readdir(folder)).some((name) => name.endsWith('.html')),
      );
      const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.html'));
      await eventually(async () => assert.match(await readFile(join(folder, name), 'utf8'), /<\/html>\s*$/));
    });
  },
);
