import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { formatRoughTime, samples } from '../../src/protocol/samples.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, rhyme, smallRun } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { assertNames } from '../harness/facts.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');
const suite = { files: { 'rhyme.txt': rhyme }, settings: smallRun, emptied: true };

/** What a window without runs offers, driven as a user does. */
describeInWorkbench('the first minutes in the workbench', suite, (bench) => {
  const rows = async ({ quickPickRows }: Workbench) => (await quickPickRows.allInnerTexts()).join('\n');
  const placeholder = async ({ quickInput }: Workbench) =>
    (await quickInput.locator('input.input').getAttribute('placeholder')) ?? '';

  it('offers a sample text where no file is open, opens it and asks for the settings', async () => {
    const workbench = await bench().open();
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand(packageText('commands.trainLstmOnFile'));
    await workbench.quickPick('ferry.txt');
    await until('the settings are asked for', async () =>
      (await workbench.quickInput.innerText()).includes('ferry.txt'),
    );
    await workbench.page
      .locator('.tabs-container')
      .getByRole('tab', { name: /ferry\.txt/ })
      .first()
      .waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('lists configurations as cards, and asks for data instead of taking an open file that does not fit', async () => {
    const workbench = await bench().open();
    await workbench.openFile('rhyme.txt');
    await workbench.runCommand(packageText('commands.trainFromConfiguration'));
    const names = samples['names-to-language'];
    assert.ok(names);
    await until('the cards are listed', async () => (await rows(workbench)).length > 0);
    await workbench.screenshot(join(screenshots, 'configurations.png'));
    await workbench.page.keyboard.type(names.title());
    await until('it is found', async () => (await rows(workbench)).includes(names.title()));
    assertNames(await rows(workbench), 'many-to-one', formatRoughTime(names.seconds), 'names');

    const reviews = samples['reviews-lstm'];
    assert.ok(reviews);
    await workbench.quickInput.locator('input.input').fill(reviews.title());
    await workbench.quickPick(reviews.title());
    await until('data are asked for', async () => (await placeholder(workbench)).includes(reviews.needs?.() ?? '-'));
    // The open text is named as what does not fit, and is not offered.
    assertNames(await placeholder(workbench), 'rhyme.txt');
    assert.ok(!(await rows(workbench)).includes('rhyme.txt'));
    await workbench.screenshot(join(screenshots, 'data.png'));
    await workbench.page.keyboard.press('Escape');
    await until('the question is closed', async () => (await workbench.quickInput.count()) === 0);
    assert.deepEqual(await readdir(join(bench().home, 'runs')).catch(() => []), []);
  });

  it('trains a sample without a text of its own on the open file, and says so', async () => {
    const workbench = await bench().open();
    const lab = new Lab(workbench);
    await workbench.openFile('rhyme.txt');
    await workbench.runCommand(packageText('commands.trainFromConfiguration'));
    const small = samples['small']?.title() ?? '';
    await until('the cards are listed', async () => (await rows(workbench)).length > 0);
    await workbench.quickInput.locator('input.input').fill(small);
    await workbench.quickPick(small);
    await workbench.quickPick('rhyme.txt');
    // The frame of a webview keeps the title that its panel had when the frame was created: before or after the start.
    await lab.use('Train from configuration', 'rhyme.txt');
    await until('it trains', async () => (await lab.step()) >= 1);
    await eventually(async () =>
      assertNames(await (await lab.frame()).locator('.notices').innerText(), 'rhyme.txt', small),
    );
  });
});
