import assert from 'node:assert/strict';
import { hasEffect } from '../../src/config/applicability.ts';
import { fieldsOf } from '../../src/config/fields.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfig, RunConfigInput } from '../../src/config/schema.ts';
import { formHostContract, formViewContract, type FormRequest, type RemoteFormView } from '../../src/protocol/form.ts';
import { accessibilityProblems, overflow, until } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { pseudo } from '../fixtures/panelPage/pseudoLocale.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

const WIDTHS = [400, 1400];

/** The form "New Run" in a real browser. */
describeInBrowser(
  'the form for a new run in a browser',
  () => bundlePage('webview/form/main.ts', 'webview/form/form.css'),
  (pages) => {
    interface FormOptions extends WebviewOptions {
      readonly start?: RunConfigInput;
      readonly request?: Partial<FormRequest>;
      readonly train?: () => Promise<void>;
    }

    async function open({ start = {}, request, train, ...options }: FormOptions = {}) {
      const web = await WebviewPage.in(pages, options);
      const { page } = web;
      const asked = { trained: [] as RunConfig[], copied: [] as RunConfig[], canceled: 0 };
      const shown: FormRequest = {
        id: '1',
        title: 'Train LSTM on ferry.txt',
        start: parseRunConfig(start),
        run: null,
        data: null,
        text: null,
        generated: false,
        ...request,
      };
      const view: RemoteFormView = web.connect({
        serves: formHostContract,
        functions: {
          ready: () => view.show(shown),
          train: async (config) => {
            asked.trained.push(config);
            await train?.();
          },
          copy: (config) => void asked.copied.push(config),
          cancel: () => void asked.canceled++,
          chooseFile: () => '/data/validation.txt',
          report: ({ message }) => assert.fail(message),
        },
        calls: formViewContract,
      });
      await web.open(options);
      await page.getByRole('heading', { name: shown.title }).waitFor();
      await web.idle();
      const row = (path: string) => page.locator(`[data-field="${path}"]`);
      const input = (path: string) => row(path).locator('input, select').first();
      const fields = () =>
        page.locator('[data-field]').evaluateAll((rows) => rows.map((each) => each.getAttribute('data-field') ?? ''));
      const openAll = () => page.locator('summary').click();
      return { web, page, asked, view, shown, row, input, fields, openAll };
    }

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`shows all settings in the theme ${theme}, accessibly and without overflow`, async () => {
        const { web, page, input, openAll } = await open({ theme });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `form/basics-${theme}-${width}.png`, { fullPage: false });
        }
        assert.deepEqual(await accessibilityProblems(web), []);
        await openAll();
        await input('model.units').fill('0');
        await input('model.cell').selectOption('gru');
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await web.idle();
          assert.equal(await overflow(web), 0, `all settings at ${width} px`);
          await takePicture(page, `form/all-${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    it('fits in a pseudo-locale, in which every text is translated', async () => {
      const problems: string[] = [];
      const starts: Record<string, RunConfigInput> = {
        text: {},
        classes: { task: { name: 'classification' }, model: { family: 'convolutional' } },
        pairs: { task: { name: 'sequence-to-sequence' } },
      };
      for (const [name, start] of Object.entries(starts)) {
        const title = pseudo('Train LSTM on ferry.txt');
        const { web, input, openAll, page } = await open({ start, request: { title }, pseudo: true });
        await openAll();
        await input('training.steps').fill('0');
        await input('training.learningRate').fill('x');
        await page.locator('[data-do=train]').click();
        // A field has its path in the tooltip of its label, and its default as configuration files contain it.
        const fields = fieldsOf(parseRunConfig(start).task.name).map((each) => `${each.path} ${String(each.default)}`);
        problems.push(...(await pseudoProblems(web, `form-${name}`, fields)));
      }
      assert.deepEqual(problems, []);
    });

    it('has a control for every field that has an effect', async () => {
      const start: RunConfigInput = { task: { name: 'classification' }, model: { family: 'convolutional' } };
      const config = parseRunConfig(start);
      const { fields, openAll } = await open({ start });
      await openAll();
      const expected = fieldsOf('classification').filter(
        ({ path }) => hasEffect(config, path) && path !== 'model.bidirectional',
      );
      assert.deepEqual((await fields()).sort(), expected.map(({ path }) => path).sort());
    });

    it('counts parameters and layers while the user types', async () => {
      const { page, input } = await open();
      const total = () => page.locator('.total').innerText();
      const layers = () => page.locator('.model tbody tr').count();
      assert.match(await total(), /40,400 \+ 400 V/);
      await input('model.units').fill('128');
      assert.match(await total(), /66,048 \+ 512 V/);
      const before = await layers();
      await input('model.layers').fill('3');
      assert.equal(await layers(), before + 2);
      await input('model.layers').fill('');
      assert.equal(await layers(), before, 'a value that is not allowed does not count');
    });

    it('counts the parameters of the model on the text, and says whether the text is long enough', async () => {
      const text = { name: 'ferry.txt', characters: 600, symbols: 40, refused: null };
      const { page, row, input, asked } = await open({ request: { text } });
      const weights = (units: number) => 4 * units * (41 + units + 1) + 41 * (units + 1);
      const total = () => page.locator('.total').innerText();
      assert.ok((await total()).includes(weights(100).toLocaleString('en')));
      await input('model.units').fill('64');
      assert.ok((await total()).includes(weights(64).toLocaleString('en')));
      await input('data.sequenceLength').fill('600');
      assert.notEqual(await row('data.sequenceLength').locator('.problem').innerText(), '');
      await page.locator('[data-do=train]').click();
      assert.equal(asked.trained.length, 0);
      await input('data.sequenceLength').fill('30');
      assert.equal(await row('data.sequenceLength').locator('.problem').innerText(), '');
    });

    it('says before training that the text is empty', async () => {
      const text = { name: 'ferry.txt', characters: 0, symbols: 0, refused: 'empty' as const };
      const { page, asked } = await open({ request: { text } });
      assert.match(await page.locator('header .message.bad').innerText(), /ferry\.txt/);
      await page.keyboard.press('Control+Enter');
      assert.equal(asked.trained.length, 0);
      assert.equal(await page.evaluate('document.activeElement.id'), 'field-data-train');
    });

    it('shows an error at its field and does not train with it', async () => {
      const { page, row, input, asked } = await open();
      await input('training.steps').fill('0');
      assert.equal(await input('training.steps').getAttribute('aria-invalid'), 'true');
      assert.match(await row('training.steps').locator('.problem').innerText(), /^0 .* 1 .* 100000000\.$/);
      await page.locator('[data-do=train]').click();
      assert.equal(await page.evaluate('document.activeElement.id'), await input('training.steps').getAttribute('id'));
      assert.equal(asked.trained.length, 0);
      await input('training.steps').fill('300');
      await page.locator('[data-do=train]').click();
      assert.equal(asked.trained[0]?.training.steps, 300);
    });

    it('moves to an error behind the disclosure and the filter', async () => {
      const { page, web, input, openAll, asked } = await open();
      await openAll();
      await input('training.clipNorm').fill('-1');
      await page.locator('#filter').fill('backend');
      assert.equal(await input('training.clipNorm').count(), 0);
      await openAll();
      await page.locator('[data-do=train]').click();
      await web.idle();
      assert.equal(await page.evaluate('document.activeElement.id'), 'field-training-clipNorm');
      assert.equal(asked.trained.length, 0);
    });

    it('trains with keys alone', async () => {
      const { page, asked } = await open();
      assert.equal(
        await page.evaluate('document.activeElement.id'),
        'field-task-tokens',
        'the first field has the focus',
      );
      const next = async (id: string) => {
        for (let i = 0; (await page.evaluate('document.activeElement.id')) !== id; i++) {
          assert.ok(i < 40, `${id} is not reached`);
          await page.keyboard.press('Tab');
        }
      };
      await next('field-model-cell');
      await page.keyboard.press('g');
      await next('field-model-units');
      await page.keyboard.type('64');
      await next('field-training-seconds');
      await page.keyboard.type('2 min');
      await page.keyboard.press('Control+Enter');
      await until({ page }, 'true');
      const [config] = asked.trained;
      assert.deepEqual([config?.model.cell, config?.model.units, config?.training.seconds], ['gru', 64, 120]);
    });

    it('marks changes against the start and resets them', async () => {
      const { page, row, input } = await open({
        start: { model: { units: 64 } },
        request: { run: { id: '1', name: 'ferry.txt', weights: null } },
      });
      const changed = () => page.locator('.row.changed').count();
      assert.equal(await changed(), 0);
      await input('model.units').fill('65');
      await input('seed').fill('7');
      assert.equal(await changed(), 2);
      await row('model.units').locator('.reset').click();
      assert.equal(await input('model.units').inputValue(), '64');
      assert.equal(await page.evaluate('document.activeElement.id'), 'field-model-units');
      assert.equal(await changed(), 1);
    });

    it('shows other fields when the cell or the optimizer changes, and keeps the focus', async () => {
      const { page, input, fields, openAll } = await open();
      await openAll();
      assert.ok((await fields()).includes('model.forgetBias'));
      await input('training.optimizer').focus();
      await input('training.optimizer').selectOption('sgd');
      await input('training.momentum').fill('0.9');
      assert.ok((await fields()).includes('training.momentum'));
      await input('model.cell').focus();
      await input('model.cell').selectOption('gru');
      assert.ok(!(await fields()).includes('model.forgetBias'));
      assert.equal(await page.evaluate('document.activeElement.id'), 'field-model-cell');
    });

    it('filters the settings by name and explanation', async () => {
      const { page, openAll } = await open();
      await openAll();
      const shown = () => page.locator('.all [data-field]').count();
      const all = await shown();
      await page.locator('#filter').fill('clip');
      assert.ok((await shown()) < all && (await shown()) >= 2);
      await page.locator('#filter').fill('no such setting');
      assert.equal(await shown(), 0);
      assert.equal(await page.locator('.all section:visible').count(), 0);
      assert.notEqual(await page.locator('.filter [role=status]').innerText(), '');
    });

    it('keeps the input across a reload of the page, but not for another request', async () => {
      const { web, page, input, view, shown, openAll } = await open();
      await input('model.units').fill('12x');
      await openAll();
      await page.locator('#filter').fill('clip');
      await page.reload();
      await web.idle();
      assert.equal(await input('model.units').inputValue(), '12x');
      assert.equal(await page.locator('#filter').inputValue(), 'clip');
      assert.ok(await page.locator('details').evaluate((details) => details.hasAttribute('open')));
      await view.show({ ...shown, id: '2' });
      await web.idle();
      assert.equal(await input('model.units').inputValue(), '100');
    });

    it('copies the configuration, takes a file, and cancels', async () => {
      const { web, page, input, asked, row, openAll } = await open({ start: { task: { name: 'classification' } } });
      await openAll();
      await row('data.validation').getByRole('button', { name: 'Browse...' }).click();
      await web.idle();
      assert.equal(await input('data.validation').inputValue(), '/data/validation.txt');
      await page.locator('[data-do=copy]').click();
      await web.idle();
      assert.equal(asked.copied[0]?.data.validation, '/data/validation.txt');
      await page.locator('[data-do=cancel]').click();
      await web.idle();
      assert.equal(asked.canceled, 1);
    });

    it('shows why the run cannot start and lets the user try again', async () => {
      let tries = 0;
      const train = () => (++tries === 1 ? Promise.reject(new Error('The text is empty.')) : Promise.resolve());
      const { web, page, asked } = await open({ train });
      await page.locator('[data-do=train]').click();
      await web.idle();
      assert.equal(await page.locator('footer .message.bad').innerText(), 'The text is empty.');
      await page.locator('[data-do=train]').click();
      await web.idle();
      assert.equal(await page.locator('footer .message.bad').innerText(), '');
      assert.equal(asked.trained.length, 2);
    });
  },
);
