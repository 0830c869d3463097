import assert from 'node:assert/strict';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { assertNames, names } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');

const review = 'A wonderful film, warm and clever from start to end.\n\nThe food was cold and the waiter was rude.\n';
const table = [
  'text,label',
  ...Array.from(
    { length: 24 },
    (_, i) =>
      `${i % 2 === 0 ? 'a wonderful film' : 'a dull and awful play'} number ${i},${i % 2 === 0 ? 'good' : 'bad'}`,
  ),
].join('\n');

const suite = {
  files: { 'review.txt': review, 'reviews.csv': table },
  settings: { 'editor.minimap.enabled': false },
};
const ANSWER = /positive (\d\d|>99) %/;

/** "Classify sentiment" and the commands for tables, with the actions of a user. */
describeInWorkbench('classifying in the workbench', suite, (bench) => {
  let workbench: Workbench;

  before(async () => {
    workbench = await bench().open();
  });

  /** The text of decorations, which VS Code draws as generated content of spans. */
  async function decorations(): Promise<string> {
    const found = await workbench.page.evaluate<string[]>(`
      [...document.querySelectorAll('.monaco-editor .view-line span')]
        .flatMap((span) => ['::before', '::after'].map((side) => getComputedStyle(span, side).content))
        .filter((content) => content !== 'none' && content !== 'normal')`);
    return found.join(' ').replaceAll('\u00a0', ' ');
  }

  const answered = async () => ANSWER.test(await decorations());

  /** Opens the review and selects its first line. */
  async function selectFirstLine(): Promise<void> {
    await workbench.focusEditor('review.txt');
    await workbench.page.keyboard.press('Shift+End');
  }

  /** The review with an answer after its first line. */
  async function classified(): Promise<void> {
    await selectFirstLine();
    await workbench.runCommand('Classify sentiment');
    await until('the answer is drawn', answered);
  }

  it('shows the answer to "Classify sentiment" after the selection and in the status bar', async () => {
    await selectFirstLine();
    const line = workbench.page.locator('.monaco-editor .view-line', { hasText: 'wonderful' }).first();
    await workbench.contextMenu(line, 'Classify sentiment', answered);
    await eventually(async () => assert.match(await workbench.statusBar(), ANSWER));
    await workbench.screenshot(join(screenshots, 'classify.png'));
  });

  it('explains the answer in a hover', async () => {
    await classified();
    await workbench.page.keyboard.press('Control+Home');
    for (let i = 0; i < 3; i++) await workbench.page.keyboard.press('ArrowRight');
    const hover = workbench.page.locator('.monaco-hover:visible', { hasText: ANSWER }).first();
    await workbench.runCommand('Show or Focus Hover');
    await eventually(async () => assert.match(await hover.innerText(), /\bwonderful\b/));
    await workbench.screenshot(join(screenshots, 'classify-hover.png'));
  });

  it('removes the answer on Escape', async () => {
    await classified();
    await workbench.focusEditor('review.txt');
    await workbench.page.keyboard.press('Escape');
    await until('nothing is drawn', async () => !/positive/.test(await decorations()));
  });

  it('shows the columns of a table and the training plan in "Inspect data set"', async () => {
    await workbench.openFile('reviews.csv');
    await workbench.runCommand(packageText('commands.inspectDataSet'));
    const data = async () => workbench.panelFrame('Data: reviews.csv');
    await until('the data set is read', async () => names(await (await data()).locator('.summary').innerText(), 24));
    await eventually(async () => {
      const page = await data();
      assert.equal(await page.locator('#role-1').inputValue(), 'label');
      assertNames(await page.locator('section:has(> .plan)').innerText(), 2);
    });
    await workbench.screenshot(join(screenshots, 'data.png'));
  });

  it('writes labels and their probabilities into a new document with "Classify column"', async () => {
    await workbench.focusEditor('reviews.csv');
    await workbench.runCommand(packageText('commands.classifyColumn'));
    await workbench.quickPick('text');
    await eventually(async () => {
      const text = await workbench.editorText();
      assert.match(text, /text,label,predicted label,probability,unsure/);
      assert.match(text, /a wonderful film number 0,good,positive,0\.\d{4},(true|false)/);
    });
    await workbench.screenshot(join(screenshots, 'classify-column.png'));
  });
});
