import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { referenceBackend } from '../../src/backends/reference.ts';
import {
  courseHostContract,
  courseViewContract,
  type Lesson,
  type RemoteCourseView,
} from '../../src/protocol/course.ts';
import { orderSteps } from '../../src/worker/course/orderSteps.ts';
import { pipelineSteps } from '../../src/worker/course/pipelineSteps.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';

const first: Lesson = {
  kind: 'pipeline',
  texts: ['The sun is shining', 'The weather is sweet', '<b>never</b> markup'],
};

/** The steps of a lesson. */
const STEPS = '.result-blocks > section';

/** The view "Course" in a real browser, with a host that computes its lessons. */
describeInBrowser(
  'the course view in a browser',
  () => bundlePage('webview/course/main.ts', 'webview/course/course.css'),
  (pages) => {
    before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

    async function open(options: WebviewOptions = {}) {
      const web = await WebviewPage.in(pages, options);
      const asked: Lesson[] = [];
      const view: RemoteCourseView = web.connect({
        serves: courseHostContract,
        functions: {
          ready: () => (asked.length === 0 ? view.open(first) : undefined),
          work: async (lesson) => {
            asked.push(lesson);
            return lesson.kind === 'pipeline' ? pipelineSteps(lesson.texts) : orderSteps(lesson.texts);
          },
          saveFile: () => undefined,
          report: ({ message }) => assert.fail(message),
        },
        calls: courseViewContract,
      });
      await web.open(options);
      await web.page.locator(STEPS).nth(5).waitFor();
      await web.idle();
      return { web, page: web.page, asked };
    }

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
        const folder = resolve(import.meta.dirname, '../../out/screenshots/course');
        await mkdir(folder, { recursive: true });
        const { web, page } = await open({ theme });
        for (const width of [300, 900]) {
          await page.setViewportSize({ width, height: 1000 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await page.screenshot({ path: resolve(folder, `${theme}-${width}.png`), fullPage: true });
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    it('shows two sentences with the same words and different states', async () => {
      const { web, page, asked } = await open();
      await page.locator('#lesson').selectOption('order');
      await eventually(async () => assert.equal(await page.locator(STEPS).count(), 4));
      const [bags] = await orderSteps(asked.at(-1)?.texts ?? []);
      assert.ok((await page.locator(STEPS).first().innerText()).includes(bags?.note ?? ''));
      await web.idle();
      await page.screenshot({
        path: resolve(import.meta.dirname, '../../out/screenshots/course/order.png'),
        fullPage: true,
      });
      await page.locator('#texts').fill('only one');
      await page.locator('form button[type=submit]').click();
      assert.notEqual(await page.getByRole('alert').innerText(), '');
    });

    it('processes texts of the user, and keeps them across a reload', async () => {
      const { web, page, asked } = await open();
      await page.locator('#texts').fill('one two\n\n three ');
      await page.locator('form button[type=submit]').click();
      assert.deepEqual(asked.at(-1), { kind: 'pipeline', texts: ['one two', ' three '] });
      await page.reload();
      await page.locator(STEPS).nth(5).waitFor();
      await web.idle();
      assert.equal(await page.locator('#texts').inputValue(), 'one two\n three ');
      assert.equal(await page.locator('main b').count(), 0);
    });
  },
);
