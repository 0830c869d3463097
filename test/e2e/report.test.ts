import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { isMissing } from '../../src/platform/files.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { rhyme } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { until } from '../harness/until.ts';

const NAME = 'study.sequence-lab.md';
const REPORT = `# Does a GRU learn faster?

\`\`\`sequence-lab
runs: all
plot: loss
\`\`\`
`;

const SETTINGS = ['model.units=8', 'data.sequenceLength=16', 'training.steps=20', 'training.validateEvery=5'];

describeInWorkbench('a report in the workbench', { files: { 'rhyme.txt': rhyme, [NAME]: REPORT } }, (bench) => {
  before(async () => {
    for (const cell of ['lstm', 'gru'])
      await run(
        process.execPath,
        [
          ...[commandLine, 'train', join(bench().folder, 'rhyme.txt'), '--backend', 'wasm'],
          ...[...SETTINGS, `model.cell=${cell}`].flatMap((setting) => ['--set', setting]),
        ],
        { env: { SEQUENCE_LAB_HOME: bench().home }, quiet: true },
      );
  });

  it('is previewed with its plot, exported as a page, and still previewed after a reload of the window', async () => {
    const workbench = await bench().open();
    await workbench.openFile(NAME);
    await workbench.runCommand(packageText('commands.previewReport'));
    const plotIsDrawn = async () => {
      const frame = await workbench.panelFrame(NAME);
      await until('the plot is drawn', async () => (await frame.locator('.report-plot canvas').count()) > 0);
      return frame;
    };
    const frame = await plotIsDrawn();
    await workbench.screenshot(join(outFolder, 'screenshots', 'workbench', 'report.png'));
    await frame.locator('.report-actions button').click();
    const page = join(bench().folder, 'study.html');
    const content = async () =>
      readFile(page, 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return '';
        throw error;
      });
    await until('the page is written', async () => {
      await workbench.page.keyboard.press('Enter');
      return (await content()) !== '';
    });
    assert.ok((await content()).includes('validationLoss'));
    await workbench.reloadWindow();
    await plotIsDrawn();
  });
});
