import assert from 'node:assert/strict';
import { fieldsOf } from '../../src/config/fields.ts';
import { JOB_REQUESTS } from '../../src/config/jobRequests.ts';
import { ConfigError, parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { say } from '../../src/phrases/phrase.ts';
import {
  type RemoteSweepFormView,
  type SweepCheck,
  type SweepContent,
  sweepFormHostContract,
  type SweepFormRequest,
  sweepFormViewContract,
} from '../../src/protocol/sweepForm.ts';
import { checkSweep } from '../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../src/sweeps/parseSweepFile.ts';
import { plannedTrials } from '../../src/sweeps/plannedTrials.ts';
import { problemsIn } from '../../src/sweeps/sweepProblems.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { pseudo } from '../fixtures/panelPage/pseudoLocale.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

const WIDTHS = [400, 1400];
const COST = ['Steps: 3,600.', 'Time: about 2 min, at the speed of the run ferry.'];

/** Checks a sweep as the host does. */
function checkOf(sweep: SweepContent, start: SweepFormRequest['start']): SweepCheck {
  try {
    const trials = plannedTrials(checkSweep(parseSweepFile(sweep), start));
    const settings = new Set(trials.map(({ setting }) => setting)).size;
    return { problems: [], trials: trials.length, settings, cost: COST };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = problemsIn(error).map(({ path, reason }) => ({ path, reason: say(reason) }));
    return { problems, trials: null, settings: null, cost: [] };
  }
}

/** The form "Sweep from this run" in a real browser. */
describeInBrowser(
  'the form of a sweep in a browser',
  () => bundlePage('webview/sweep/main.ts', 'webview/sweep/sweep.css'),
  (pages) => {
    interface FormOptions extends WebviewOptions {
      readonly start?: RunConfigInput;
      readonly request?: Partial<SweepFormRequest>;
      readonly begin?: () => Promise<void>;
    }

    async function open({ start = {}, request, begin, ...options }: FormOptions = {}) {
      const web = await WebviewPage.in(pages, options);
      const { page } = web;
      const asked = {
        started: [] as { sweep: SweepContent; workers: number | null }[],
        jobs: [] as { sweep: SweepContent; options: string[] }[],
        saved: [] as SweepContent[],
        opened: [] as SweepContent[],
        canceled: 0,
      };
      const shown: SweepFormRequest = {
        id: '1',
        title: 'Sweep from LSTM on ferry.txt',
        run: { id: 'run-1', name: 'ferry.txt' },
        base: {},
        start: parseRunConfig(start),
        workers: 2,
        hasSlurm: false,
        ...request,
      };
      const view: RemoteSweepFormView = web.connect({
        serves: sweepFormHostContract,
        functions: {
          ready: () => view.show(shown),
          check: async (sweep) => Promise.resolve(checkOf(sweep, shown.start)),
          start: async (sweep) => {
            asked.started.push(sweep);
            await begin?.();
          },
          startOnSlurm: (sweep) => void asked.jobs.push(sweep),
          save: (sweep) => void asked.saved.push(sweep),
          open: (sweep) => void asked.opened.push(sweep),
          cancel: () => void asked.canceled++,
          report: ({ message }) => assert.fail(message),
        },
        calls: sweepFormViewContract,
      });
      await web.open(options);
      await page.getByRole('heading', { name: shown.title }).waitFor();
      await web.idle();
      const row = (path: string) => page.locator(`[data-field="${path}"]`);
      const part = (path: string, name: string) => row(path).locator(`[data-part=${name}]`);
      const tried = (path: string) => row(path).locator('.head input');
      const option = (key: string) => page.locator(`#option-${key}`);
      const total = async () => Number(/\d+/.exec(await page.locator('.total').innerText())?.[0] ?? NaN);
      const press = async (name: string) => {
        await page.locator(`[data-do=${name}]`).click();
        await web.idle();
      };
      return { web, page, asked, view, shown, row, part, tried, option, total, press };
    }

    const focused = 'document.activeElement.closest("[data-field], [data-option]").dataset';

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`shows fields, values and options in the theme ${theme}, accessibly and without overflow`, async () => {
        const { web, page, tried, option, row } = await open({ theme, request: { hasSlurm: true } });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `sweepForm/first-${theme}-${width}.png`, { fullPage: false });
        }
        assert.deepEqual(await accessibilityProblems(web), []);
        await page.locator('.all > summary').click();
        for (const path of ['model.cell', 'model.units', 'model.forgetBias', 'model.bias']) await tried(path).check();
        await row('model.units').locator('select').selectOption('log');
        await row('model.units').locator('summary').click();
        await option('method').selectOption('asha');
        await option('place').selectOption('slurm');
        await option('time').fill('x');
        await option('seeds').fill('0');
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await web.idle();
          assert.equal(await overflow(web), 0, `all fields at ${width} px`);
          await takePicture(page, `sweepForm/all-${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    it('fits in a pseudo-locale, in which every text is translated', async () => {
      const { web, page, tried, option } = await open({
        request: { title: pseudo('Sweep from LSTM on ferry.txt'), hasSlurm: true },
        pseudo: true,
      });
      await page.locator('.all > summary').click();
      for (const path of ['model.cell', 'model.forgetBias', 'model.units']) await tried(path).check();
      await option('method').selectOption('asha');
      await option('place').selectOption('slurm');
      await option('time').fill('x');
      await web.idle();
      const fields = fieldsOf('language-model').map((each) => `${each.path} ${String(each.default)}`);
      const examples = Object.values(JOB_REQUESTS).map(({ example }) => example);
      const known = [...fields, ...COST, ...examples, 'sequenceLab.parallelRuns'];
      assert.deepEqual(await pseudoProblems(web, 'sweepForm', known), []);
    });

    it('tries the learning rate at first, and counts the trials while the user types', async () => {
      const { web, page, part, tried, option, total } = await open();
      assert.ok(await tried('training.learningRate').isChecked());
      await part('training.learningRate', 'values').fill('0.003, 0.01, 0.03, 0.1');
      assert.equal(await total(), 4);
      await tried('model.units').check();
      await part('model.units', 'values').fill('4, 8, 12');
      assert.equal(await total(), 12);
      await option('seeds').fill('3');
      assert.equal(await total(), 36);
      assert.deepEqual(await page.locator('.cost li').allInnerTexts(), COST);
      await option('method').selectOption('random');
      await option('settings').fill('7');
      await web.idle();
      assert.equal(await total(), 21);
    });

    it('offers no learning rate to a model that is trained without one', async () => {
      const start: RunConfigInput = { task: { name: 'classification' }, model: { family: 'naive-bayes' } };
      const { page, row, press, asked } = await open({ start });
      assert.equal(await row('training.learningRate').count(), 0);
      await press('start');
      assert.deepEqual(asked.started, []);
      assert.equal(await page.locator('.cost:visible').count(), 0);
    });

    it('starts a sweep of ranges, values and choices, each with the run as its base', async () => {
      const { row, part, tried, option, press, asked } = await open({ request: { base: { seed: 4 } } });
      await row('training.learningRate').locator('select').first().selectOption('log');
      await part('training.learningRate', 'low').fill('0.001');
      await part('training.learningRate', 'high').fill('0.1');
      await part('training.learningRate', 'points').fill('3');
      await tried('model.units').check();
      await part('model.units', 'values').fill('8, 16');
      await tried('model.cell').check();
      await row('model.cell').getByLabel('rnn').uncheck();
      await option('metric').selectOption('itemsPerSecond');
      await option('direction').selectOption('lower');
      await option('steps').fill('5000');
      await option('seconds').fill('2 min');
      await option('workers').fill('1');
      await press('start');
      const [begun] = asked.started;
      assert.deepEqual(begun, {
        workers: 1,
        sweep: {
          from: 'run-1',
          base: { seed: 4 },
          fields: {
            'model.cell': { choices: ['lstm', 'gru'] },
            'model.units': { values: [8, 16] },
            'training.learningRate': { range: [0.001, 0.1], scale: 'log', points: 3 },
          },
          method: { name: 'grid' },
          objective: { metric: 'itemsPerSecond', direction: 'lower' },
          seeds: 1,
          budget: { steps: 5000, seconds: 120 },
        },
      });
    });

    it('tries a field only where it has an effect, unless the user chooses other conditions', async () => {
      const { web, page, row, tried, press, asked } = await open({ start: { model: { cell: 'gru' } } });
      await page.locator('.all > summary').click();
      assert.equal(await row('model.forgetBias').count(), 0);
      await tried('training.learningRate').uncheck();
      await tried('model.cell').check();
      await tried('model.forgetBias').check();
      await web.idle();
      const conditions = row('model.forgetBias').locator('.conditions input');
      const met = async () =>
        conditions.evaluateAll((boxes) =>
          boxes.flatMap((box) => (box.matches(':checked') ? [box.getAttribute('value')] : [])),
        );
      assert.deepEqual(await met(), ['lstm']);
      await press('open');
      const { 'model.forgetBias': bias } = asked.opened[0]?.['fields'] as Record<string, { when: unknown }>;
      assert.deepEqual(bias?.when, { 'model.cell': ['lstm'] });
      await row('model.forgetBias').locator('.conditions input[value=gru]').check();
      await press('start');
      assert.deepEqual(asked.started, []);
      assert.notEqual(await row('model.forgetBias').locator('.problem').innerText(), '');
    });

    it('shows an error beside its field or option, moves to it, and does not start', async () => {
      const { page, row, part, option, press, asked } = await open();
      await part('training.learningRate', 'values').fill('0.1, x');
      assert.notEqual(await row('training.learningRate').locator('.problem').innerText(), '');
      assert.equal(await part('training.learningRate', 'values').getAttribute('aria-invalid'), 'true');
      await press('start');
      assert.equal(await page.evaluate(`${focused}.field`), 'training.learningRate');
      await part('training.learningRate', 'values').fill('0.1, 0.2');
      assert.equal(await row('training.learningRate').locator('.problem').innerText(), '');
      for (const [key, text] of Object.entries({ seeds: '0', steps: 'x', seconds: '-1', workers: 'many' })) {
        const before = await option(key).inputValue();
        await option(key).fill(text);
        await press('start');
        assert.equal(await option(key).getAttribute('aria-invalid'), 'true', key);
        assert.equal(await page.evaluate(`${focused}.option`), key);
        await option(key).fill(before);
      }
      assert.deepEqual(asked.started, []);
      await press('start');
      assert.equal(asked.started.length, 1);
    });

    it('offers Slurm only where jobs can be submitted, and passes the options of the jobs on', async () => {
      assert.equal(await (await open()).option('place').count(), 0);
      const { page, option, press, asked } = await open({ request: { hasSlurm: true } });
      assert.equal(await option('partition').count(), 0);
      await option('place').selectOption('slurm');
      assert.equal(await option('workers').count(), 0);
      await option('partition').fill('gpu');
      await option('at-once').fill('10');
      await option('time').fill('soon');
      await press('start');
      assert.equal(await page.evaluate(`${focused}.option`), 'time');
      await option('time').fill('1:30:00');
      await press('start');
      assert.deepEqual(asked.jobs[0]?.options, ['--partition', 'gpu', '--time', '1:30:00', '--at-once', '10']);
      assert.deepEqual(asked.started, []);
    });

    it('starts with keys alone', async () => {
      const { web, page, asked } = await open();
      const next = async (test: string) => {
        for (let i = 0; !(await page.evaluate(test)); i++) {
          assert.ok(i < 60, `${test} is not reached`);
          await page.keyboard.press('Tab');
        }
      };
      await next('document.activeElement.id === "field-model-units"');
      await page.keyboard.press('Space');
      await next('document.activeElement.dataset.part === "values"');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('4, 8');
      await page.keyboard.press('Control+Enter');
      await web.idle();
      const fields = asked.started[0]?.sweep['fields'] as Record<string, unknown>;
      assert.deepEqual(fields['model.units'], { values: [4, 8] });
    });

    it('keeps the input across a reload of the page, but not for another request', async () => {
      const { web, page, view, shown, part, option } = await open();
      await part('training.learningRate', 'values').fill('0.1, 0.2, 0.7');
      await option('seeds').fill('5');
      await page.reload();
      await web.idle();
      assert.equal(await part('training.learningRate', 'values').inputValue(), '0.1, 0.2, 0.7');
      assert.equal(await option('seeds').inputValue(), '5');
      await view.show({ ...shown, id: '2' });
      await web.idle();
      assert.equal(await option('seeds').inputValue(), '1');
    });

    it('saves and opens the sweep as a file, cancels, and shows why a sweep cannot start', async () => {
      let tries = 0;
      const begin = () => (++tries === 1 ? Promise.reject(new Error('The disk is full.')) : Promise.resolve());
      const { page, press, asked } = await open({ begin });
      await press('save');
      await press('open');
      assert.deepEqual(asked.saved, asked.opened);
      assert.equal(asked.saved[0]?.['from'], 'run-1');
      await press('start');
      assert.equal(await page.locator('footer .message.bad').innerText(), 'The disk is full.');
      await press('start');
      assert.equal(await page.locator('footer .message.bad').innerText(), '');
      await press('cancel');
      assert.equal(asked.canceled, 1);
    });
  },
);
