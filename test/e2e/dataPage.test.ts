import assert from 'node:assert/strict';
import { autoReading } from '../../src/config/reading.ts';
import { inspectDataSet } from '../../src/data/inspect/inspectDataSet.ts';
import type { DataChoice, DataInspection } from '../../src/protocol/dataInspection.ts';
import { dataHostContract, dataViewContract, type RemoteDataView } from '../../src/protocol/dataView.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { pseudo } from '../fixtures/panelPage/pseudoLocale.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { assertNames } from '../harness/facts.ts';
import { takePicture } from '../harness/pictures.ts';

const MOODS = ['very good', 'good', 'dull', 'bad', 'awful'];

/** Synthetic reviews: unbalanced, with duplicates and one malformed row. */
const reviews = [
  'review\tstars\tdate',
  ...Array.from(
    { length: 300 },
    (_, i) =>
      `The film number ${i % 280} was ${MOODS[i % 5] ?? ''}, and <b>so on</b> ${'and on '.repeat(i % 23)}\t${i % 5 === 4 ? 1 + (i % 3) : 5}\t2026-01-${String(1 + (i % 28)).padStart(2, '0')}`,
  ),
  'ragged',
].join('\n');

const inspect = async (text: string, choice: DataChoice): Promise<DataInspection> =>
  inspectDataSet(
    { kind: 'text', name: 'reviews.tsv', text, reading: choice.reading },
    { roles: choice.roles, fields: choice.fields, validationShare: 0.1, sequenceLength: 24, seed: 1 },
  );

/** Values with a season of 12 steps, some of which are missing. */
const MEASURED = [
  'load',
  ...Array.from({ length: 240 }, (_, i) => (i % 20 === 3 ? -200 : 10 + 5 * Math.sin((Math.PI * i) / 6)).toFixed(1)),
].join('\n');

/** The view "Data" in a real browser, with a host that inspects the data. */
describeInBrowser(
  'the data view in a browser',
  () => bundlePage('webview/data/main.ts', 'webview/data/data.css'),
  (pages) => {
    async function open({ text = reviews, ...options }: WebviewOptions & { readonly text?: string } = {}) {
      const web = await WebviewPage.in(pages, options);
      const asked = { choices: [] as DataChoice[], files: 0, trained: 0 };
      let work = Promise.resolve();
      const show = async (choice: DataChoice) => {
        try {
          await view.show({ inspection: await inspect(text, choice), path: '/data/reviews.tsv' });
        } catch (error) {
          const { message } = error as Error;
          await view.refused({ message: options.pseudo ? pseudo(message) : message });
        }
      };
      const view: RemoteDataView = web.connect({
        serves: dataHostContract,
        functions: {
          ready: () => show({}),
          choose: async (choice) => {
            asked.choices.push(choice);
            work = show(choice);
            await work;
          },
          chooseValidationFile: () => void asked.files++,
          train: () => void asked.trained++,
          report: ({ message }) => assert.fail(message),
        },
        calls: dataViewContract,
      });
      await web.open(options);
      await web.page.getByRole('heading', { name: 'reviews.tsv' }).waitFor();
      await web.idle();
      const role = (column: 'review' | 'stars' | 'date') =>
        web.page.locator(`#role-${['review', 'stars', 'date'].indexOf(column)}`);
      const plan = () => web.page.locator('section:has(> .plan)').innerText();
      const [task, validation] = [0, 1].map((place) => web.page.locator('.choices select').nth(place));
      assert.ok(task && validation);
      /** Waits until the host has inspected the data with the new choice and the page shows it. */
      const settled = async () => {
        await web.idle();
        await work;
        await web.idle();
      };
      return { web, page: web.page, asked, role, plan, task, validation, settled };
    }

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
        const { web, page } = await open({ theme });
        for (const width of [300, 900, 1400]) {
          await page.setViewportSize({ width, height: 1000 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `data/${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    it('shows how the file is read, and reads it again in another way', async () => {
      const { web, asked, settled } = await open();
      const menu = web.page.locator('#reading-delimiter');
      assert.equal(await menu.inputValue(), 'auto');
      await menu.selectOption(',');
      await settled();
      assert.equal(asked.choices.at(-1)?.reading?.delimiter, ',');
      assert.equal(asked.choices.at(-1)?.roles, undefined, 'the roles are guessed again');
    });

    it('fits in a pseudo-locale, in which every text is translated', async () => {
      const { web, page, role, task, settled } = await open({ pseudo: true });
      const problems = await pseudoProblems(web, 'data', [reviews]);
      await role('stars').selectOption('unused');
      await settled();
      await role('review').selectOption('unused');
      await settled();
      assert.ok(await page.getByRole('alert').isVisible());
      problems.push(...(await pseudoProblems(web, 'data-refused', [reviews])));
      await task.selectOption('sequence-to-sequence');
      await settled();
      assert.deepEqual([...problems, ...(await pseudoProblems(web, 'data-pairs', [reviews]))], []);
    });

    it('shows the roles of the columns, and the training plan', async () => {
      const { page, role, plan } = await open();
      assert.equal(await role('review').inputValue(), 'text');
      assert.equal(await role('stars').inputValue(), 'label');
      assert.equal(await role('date').inputValue(), 'unused');
      assertNames(await plan(), 4, '"5"');
      assertNames(await page.locator('.problems').innerText(), 302, 1, 3);
      assert.equal(await page.locator('main b').count(), 0);
    });

    it('inspects the data again after a change of a role, and keeps the focus', async () => {
      const { page, role, plan, asked, settled } = await open();
      await role('date').focus();
      await role('date').selectOption('label');
      await settled();
      assert.deepEqual(asked.choices, [
        { roles: ['text', 'unused', 'label'], validation: null, reading: autoReading, fields: {} },
      ]);
      assert.equal(await role('stars').inputValue(), 'unused');
      assertNames(await plan(), 28);
      assert.equal(await page.evaluate('document.activeElement.id'), 'role-2');
    });

    it('takes a suggestion by a click, shows it, and takes it back', async () => {
      const { page, asked, settled } = await open({ text: MEASURED });
      const suggestions = page.locator('#settings');
      await suggestions.locator('button').first().click();
      await settled();
      assert.deepEqual(asked.choices.at(-1)?.fields, { missingValues: '-200' });
      assertNames(await suggestions.innerText(), 'task.missingValues', -200);
      await takePicture(page, 'data/suggestions.png');
      await suggestions.locator('button').last().click();
      await settled();
      assert.deepEqual(asked.choices.at(-1)?.fields, {});
    });

    it('offers the other tasks that fit the data', async () => {
      const { role, plan, task, settled } = await open();
      const before = await plan();
      await task.selectOption('sequence-to-sequence');
      await settled();
      assert.equal(await role('review').inputValue(), 'source');
      assert.equal(await role('stars').inputValue(), 'target');
      assert.notEqual(await plan(), before);
    });

    it('explains an invalid choice, and shows the valid one', async () => {
      const { page, role, settled } = await open();
      await role('stars').selectOption('unused');
      await settled();
      await role('review').selectOption('unused');
      await settled();
      assertNames(await page.getByRole('alert').innerText(), '"reviews.tsv"');
    });

    it('requests a validation file, and trains', async () => {
      const { page, asked, validation, settled } = await open();
      await validation.selectOption('other');
      await page.locator('.choices button.primary').click();
      await settled();
      assert.deepEqual([asked.files, asked.trained], [1, 1]);
      assert.equal(await validation.inputValue(), 'share');
    });
  },
);
