import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, rhyme, smallRun } from '../harness/lab.ts';
import { eventually, until } from '../harness/until.ts';

function texts(name: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, string>;
}

const screenshots = join(root, 'out', 'screenshots', 'german');

describeInWorkbench(
  'the extension in German',
  { files: { 'rhyme.txt': rhyme }, settings: smallRun, fresh: true },
  (bench) => {
    it('translates commands, quick picks, the panel, its tabs and what the trainer says', async () => {
      const [manifest, bundle] = [texts('package.nls.de.json'), texts('l10n/bundle.l10n.de.json')];
      const german = (english: string) => {
        const translation = bundle[english];
        assert.ok(translation !== undefined && translation !== english, english);
        return translation;
      };
      const workbench = await bench().open({ language: 'de' });
      await workbench.openFile('rhyme.txt');
      await workbench.runCommand(manifest['commands.trainLstmOnFile'] ?? '');
      await workbench.quickPick(german('Start with these settings'));
      const lab = new Lab(workbench);
      await lab.use('rhyme.txt');
      await until('it trains', async () => (await lab.step()) > 20);
      const frame = await lab.frame();
      await eventually(async () => {
        const shown = await frame.locator('body').innerText();
        for (const english of ['Pause', 'Validation loss', 'Gradients', 'Gradient norm', 'nats per character'])
          assert.ok(shown.includes(german(english)), `${german(english)} in ${shown}`);
      });
      assert.equal(await frame.locator('html').getAttribute('lang'), 'de');
      await workbench.screenshot(join(screenshots, 'panel.png'));
    });
  },
);
