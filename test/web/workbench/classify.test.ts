import { join } from 'node:path';
import { outFolder } from '../../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../../harness/inWorkbench.ts';
import { packageText } from '../../harness/packageText.ts';
import { eventually } from '../../harness/until.ts';
import assert from 'node:assert/strict';

const suite = { files: { 'review.txt': 'A wonderful film, warm and clever from start to end.\n' }, web: true };

describeInWorkbench('classifying in a browser without Node', suite, (bench) => {
  it('loads the bundled model when it is first used, and answers', async () => {
    const workbench = await bench().open();
    await workbench.focusEditor('review.txt');
    await workbench.page.keyboard.press('Shift+End');
    await workbench.runCommand(packageText('commands.classifySentiment'));
    await eventually(async () => assert.match(await workbench.statusBar(), /positive (\d\d|>99) %/));
    await workbench.screenshot(join(outFolder, 'screenshots', 'web', 'classify.png'));
  });
});
