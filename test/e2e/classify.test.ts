import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { vsixFile } from '../../scripts/lib/product.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { CodeServer } from '../harness/codeServer.ts';
import { until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots/workbench');

const review = 'A wonderful film, warm and clever from start to end.\n\nThe food was cold and the waiter was rude.\n';
const table = [
  'text,label',
  ...Array.from(
    { length: 24 },
    (_, i) =>
      `${i % 2 === 0 ? 'a wonderful film' : 'a dull and awful play'} number ${i},${i % 2 === 0 ? 'good' : 'bad'}`,
  ),
].join('\n');

/** "Classify sentiment" and what is done with tables, as a user does it. */
describe('classifying in the workbench', function () {
  this.timeout(600_000);
  let home: string;
  let folder: string;
  let server: CodeServer | undefined;
  let workbench: Workbench | undefined;

  before(async function () {
    await mkdir(screenshots, { recursive: true });
    try {
      await (await import('../../scripts/lib/codeServer.ts')).ensureCodeServer();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`classifying in the workbench: ${error.message}`);
      this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    await writeFile(join(folder, 'review.txt'), review);
    await writeFile(join(folder, 'reviews.csv'), table);
    server = await CodeServer.start({
      folder,
      vsix: [vsixFile],
      env: { SEQUENCE_LAB_HOME: home },
      settings: { 'editor.minimap.enabled': false },
    });
    workbench = await Workbench.open(server);
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench?.screenshot(join(screenshots, 'failure-classify.png'));
    console.log((await server?.extensionHostLog())?.slice(-4000));
  });

  after(async () => {
    await workbench?.close();
    await server?.dispose();
    for (const made of [home, folder]) if (made) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  const bench = (): Workbench => {
    assert.ok(workbench);
    return workbench;
  };

  /** What stands behind the text of a line, as it is drawn: VS Code writes it as generated content of a span. */
  async function decorations(): Promise<string> {
    const found = await bench().page.evaluate<string[]>(`
      [...document.querySelectorAll('.monaco-editor .view-line span')]
        .flatMap((span) => ['::before', '::after'].map((side) => getComputedStyle(span, side).content))
        .filter((content) => content !== 'none' && content !== 'normal')`);
    return found.join(' ').replaceAll('\u00a0', ' ');
  }

  it('select, right-click, Classify sentiment: the answer stands behind the selection, its words are colored', async () => {
    const { page } = bench();
    await bench().openFile('review.txt');
    await bench().focusEditor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+End');
    await page
      .locator('.monaco-editor .view-line', { hasText: 'wonderful' })
      .first()
      .click({ button: 'right', position: { x: 60, y: 8 } });
    // The menu lives in a shadow root, which Playwright's locators see through.
    const entry = page
      .locator('.context-view .action-label, .monaco-menu .action-label')
      .filter({ hasText: /^Classify sentiment$/ });
    await entry.first().click();
    await until('the answer is drawn', async () => /positive (\d\d|>99) %/.test(await decorations()));
    assert.match(await bench().statusBar.innerText(), /positive (\d\d|>99) %/);
    await bench().screenshot(join(screenshots, 'classify.png'));
  });

  it('hovering over it tells why', async () => {
    const { page } = bench();
    await bench().focusEditor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await bench().runCommand('Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'Model: bundled' });
    await hover.first().waitFor();
    assert.match(await hover.first().innerText(), /speaks for it/);
    // It fades in.
    await sleep(500);
    await bench().screenshot(join(screenshots, 'classify-hover.png'));
    await page.keyboard.press('Escape');
  });

  it('Escape takes the answer away', async () => {
    const { page } = bench();
    await bench().focusEditor();
    await page.keyboard.press('Escape');
    await until('nothing is drawn', async () => !/positive/.test(await decorations()));
  });

  it('Inspect data set shows the columns of a table, and what training will do', async () => {
    await bench().openFile('reviews.csv');
    await bench().runCommand('Inspect data set');
    const data = async () => bench().panelFrame('Data: reviews.csv');
    await until('the data set is read', async () =>
      (await (await data()).locator('.summary').innerText()).startsWith('24 texts'),
    );
    assert.equal(await (await data()).getByRole('combobox', { name: 'label is taken as' }).inputValue(), 'label');
    assert.match(
      await (await data()).getByRole('region', { name: 'What training will do' }).innerText(),
      /one of 2 labels/,
    );
    await bench().screenshot(join(screenshots, 'data.png'));
  });

  it('Classify column writes a label and its probability into a new document', async () => {
    const { page } = bench();
    await bench().focusEditor();
    await bench().runCommand('Classify column...');
    await bench().quickPickRows.filter({ hasText: 'looks like texts' }).waitFor();
    await page.keyboard.press('Enter');
    const text = async () => page.locator('.editor-group-container.active .view-lines').innerText();
    await until('the new document is there', async () =>
      (await text()).replaceAll('\u00a0', ' ').includes('text,label,predicted label,probability'),
    );
    assert.match((await text()).replaceAll('\u00a0', ' '), /a wonderful film number 0,good,positive,0\.\d{4}/);
    await bench().screenshot(join(screenshots, 'classify-column.png'));
  });
});
