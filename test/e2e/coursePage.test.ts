import assert from 'node:assert/strict';
import { referenceBackend } from '../../src/backends/reference.ts';
import {
  courseHostContract,
  courseViewContract,
  type LessonRequest,
  type RemoteCourseView,
} from '../../src/protocol/course.ts';
import { LESSON_IDS, type LessonId, lessons } from '../../src/protocol/lessons/lessons.ts';
import type { ProbedFlow } from '../../src/protocol/comparison.ts';
import type { LessonRunView, LessonTraining } from '../../src/protocol/lessons/runs.ts';
import type { UntrainedRequest } from '../../src/protocol/lessons/untrained.ts';
import { MAX_OBSERVATIONS, MAX_STATES } from '../../src/protocol/lessons/hmm.ts';
import { LECTURE_TEXTS, MAX_TEXT_CHARACTERS, MAX_TEXTS } from '../../src/protocol/lessons/texts.ts';
import { workBagOfWords } from '../../src/worker/course/bagOfWords.ts';
import { estimateHmm, inferHmm } from '../../src/worker/course/hmm.ts';
import { workOrder } from '../../src/worker/course/order.ts';
import { constructFlow } from '../../src/probes/constructedFlow.ts';
import { workPadding } from '../../src/worker/course/padding.ts';
import { workPipeline } from '../../src/worker/course/pipeline.ts';
import { probeUntrainedModel } from '../../src/worker/course/untrained.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { torchArguments } from '../../src/config/torchArguments.ts';
import { lstmWeights } from '../../src/config/torchLstm.ts';
import { phrase, type Phrase } from '../../src/phrases/phrase.ts';
import { lessonConfig } from '../bench/lessons/lessonConfig.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';
import { takePicture } from '../harness/pictures.ts';

const WIDTHS = [400, 700, 1400];

/** Texts of the lessons that are the same in every language: words of the sentences, and names in PyTorch. */
const NAMES = [
  ...LECTURE_TEXTS.flatMap((text) => [text, text.toLowerCase()]),
  'the movie my friend has not seen is good',
  '<unk> <pad>',
  ...torchArguments(parseRunConfig({}).model).map(({ name, field }) => `${name} ${field}`),
  ...lstmWeights({
    inputSize: 10,
    hiddenSize: 20,
    layers: 2,
    projSize: 0,
    bias: true,
    batchFirst: false,
    bidirectional: false,
  }).map(({ name }) => name),
  'input output',
];

/** Titles of the reports of the four shapes, by the key of their run: a page with one title twice would be ambiguous. */
const REPORT_TITLES: Readonly<Record<string, Phrase>> = {
  oneToMany: phrase('Texts by label'),
  direct: phrase('Validation sentences'),
  delayed: phrase('Validation pairs'),
};

function madeUpFlow(step: number, at: number): ProbedFlow {
  const curve = (factor: number) =>
    Array.from({ length: 51 }, (_, lag) => Math.exp(-lag / (step === 0 ? 3 : 5 + 10 * at)) * factor ** lag);
  return { step, median: curve(1), low: curve(0.98), high: curve(1.02) };
}

/** A run of a lesson that has ended; its curves are made up. */
function madeUpRun(key: string, seed: number, at: number): LessonRunView {
  const points = (y: (step: number) => number) => Array.from({ length: 60 }, (_, i) => [i * 50, y(i)]).flat();
  return {
    id: `${key}-${seed}`,
    key,
    seed,
    state: 'completed',
    message: null,
    step: 3000,
    seconds: 21.4,
    steps: 3000,
    report: {
      step: 3000,
      blocks: [
        {
          kind: 'table',
          title: REPORT_TITLES[key] ?? phrase('Validation texts'),
          columns: [phrase('text'), phrase('true class'), phrase('predicted class')],
          rows: [[`${key} Nowak`, 'Polish', 'Polish']],
          note: phrase('The first texts of the validation part.'),
        },
      ],
    },
    solved: at === 0,
    settings: {
      learningRate: 0.1,
      clipNorm: 1 - at,
      truncation: key === 'cut' ? 20 : 0,
      distance: /cut/.test(key) ? 60 : 20,
    },
    curves: {
      trainLoss: points((i) => 1.4 * Math.exp((-i * (at + 1)) / 40)),
      validationLoss: points((i) => 1.4 * Math.exp((-i * (at + 1)) / 40)),
      gradientNorm: points((i) => (1 + at) * (i === 20 ? 300 : 1 + Math.sin(i))),
    },
    scores: { accuracy: 1 - at / 2 },
    best: { step: 2500, loss: 1.4 * Math.exp((-50 * (at + 1)) / 40) },
    baselines: { guess: Math.log(4), 'always 1': 1 / 6 },
    probeSteps: [0, 1000, 3000],
    flow: madeUpFlow(3000, at),
    firstFlow: madeUpFlow(0, at),
    scoreCurves: { accuracy: points((i) => 0.25 + (1 - at) * 0.75 * (i / 60)) },
    lastStep: { step: 3000, curve: Array.from({ length: 101 }, (_, lag) => Math.exp(-lag / (1 + at))) },
  };
}

/** The view "Course" in a real browser, with a host that computes its lessons and makes up their runs. */
describeInBrowser(
  'the course view in a browser',
  () => bundlePage('webview/course/main.ts', 'webview/course/course.css'),
  (pages) => {
    before(async () => {
      await referenceBackend.load({ home: '', tensorflowPath: '' });
    });

    /** @param first what the host opens when the page is ready */
    async function open(first: LessonRequest | undefined, options: WebviewOptions = {}) {
      const web = await WebviewPage.in(pages, options);
      const asked: unknown[] = [];
      const trained: LessonTraining[] = [];
      const probesAt: (number | null)[] = [];
      let shownRuns: LessonRunView[] = [];
      let wanted = first;
      const answered =
        <Request, Result>(work: (request: Request) => Result) =>
        (request: Request) => {
          asked.push(request);
          return work(request);
        };
      const view: RemoteCourseView = web.connect({
        serves: courseHostContract,
        functions: {
          ready: () => {
            const opened = wanted;
            wanted = undefined;
            return opened && view.open(opened);
          },
          workBagOfWords: answered(workBagOfWords),
          workPadding: answered(workPadding),
          workConstruction: answered(constructFlow),
          inferHmm: answered(inferHmm),
          estimateHmm: answered(estimateHmm),
          workPipeline: answered(workPipeline),
          workOrder: answered(workOrder),
          lessonOpened: () => undefined,
          followRuns: (lesson) => {
            if (lesson) return view.runs({ lesson, runs: [], outcomes: [] });
          },
          trainRuns: (request) => {
            trained.push(request);
            const { lesson, seeds = [1], runs: wantedRuns } = request;
            const keys = (lessons[lesson].runs ?? [])
              .map(({ key }) => key)
              .filter((key) => wantedRuns?.includes(key) ?? true);
            const others = shownRuns.filter(({ key }) => !keys.includes(key));
            shownRuns = [...others, ...seeds.flatMap((seed) => keys.map((key, at) => madeUpRun(key, seed, at)))];
            const outcomes = shownRuns.map(({ key, seed, solved, step }) => ({ key, seed, solved, step }));
            return view.runs({ lesson, runs: shownRuns, outcomes });
          },
          showProbesAt: (step) => void probesAt.push(step),
          probeUntrained: answered(async ({ lesson, run, changes }: UntrainedRequest) =>
            probeUntrainedModel(await lessonConfig(lesson, run, changes)),
          ),
          stopRuns: () => undefined,
          openRun: () => undefined,
          saveFile: () => undefined,
          report: ({ message }) => assert.fail(message),
        },
        calls: courseViewContract,
      });
      await web.open(options);
      await web.idle();
      return { web, page: web.page, asked, trained, probesAt };
    }

    /** Opens a lesson and waits until it has said what is seen, after training its runs if it has some. */
    async function openLesson(lesson: LessonId, options: WebviewOptions = {}, texts?: string[]) {
      const opened = await open({ lesson, ...(texts && { texts }) }, options);
      for (const run of await opened.page.locator('[data-do=run]').all()) await run.click();
      await opened.page.locator('.seen > li').first().waitFor();
      await opened.web.idle();
      return opened;
    }

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`shows the contents in the theme ${theme}, accessibly and without overflow`, async () => {
        const { web, page } = await open(undefined, { theme });
        assert.equal(await page.locator('button[data-lesson]').count(), LESSON_IDS.length);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 1000 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `course/contents-${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    for (const lesson of LESSON_IDS) {
      for (const theme of ['dark', 'light'] as const) {
        it(`shows the lesson "${lesson}" in the theme ${theme}, accessibly and without overflow`, async () => {
          const { web, page } = await openLesson(lesson, { theme });
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 1000 });
            await web.idle();
            assert.equal(await overflow(web), 0, `at ${width} px`);
            await takePicture(page, `course/${lesson}-${theme}-${width}.png`);
          }
          assert.deepEqual(await accessibilityProblems(web), []);
        });
      }
    }

    it('shows the contents in a pseudo-locale, in which every text is translated and fits', async () => {
      const { web } = await open(undefined, { pseudo: true });
      assert.deepEqual(await pseudoProblems(web, 'course-contents'), []);
    });

    for (const lesson of LESSON_IDS) {
      it(`shows the lesson "${lesson}" in a pseudo-locale, in which every text is translated and fits`, async () => {
        const { web } = await openLesson(lesson, { pseudo: true });
        assert.deepEqual(await pseudoProblems(web, `course-${lesson}`, NAMES), []);
      });
    }

    for (const lesson of ['construction', 'clipping', 'truncation'] as const) {
      for (const theme of (Object.keys(themes) as ThemeName[]).filter((each) => each.startsWith('highContrast'))) {
        it(`shows the lesson "${lesson}" in the theme ${theme}, accessibly`, async () => {
          const { web, page } = await openLesson(lesson, { theme, width: 400 });
          assert.equal(await overflow(web), 0);
          assert.deepEqual(await accessibilityProblems(web), []);
          await takePicture(page, `course/${lesson}-${theme}.png`);
        });
      }
    }

    for (const lesson of ['bagOfWords', 'padding', 'order', 'pipeline'] as const) {
      it(`shows the longest sentences in the lesson "${lesson}" without overflow`, async () => {
        const texts = Array.from({ length: MAX_TEXTS }, (_, i) =>
          Array.from({ length: 40 }, (__, word) => `w${i * 40 + word}`)
            .join(' ')
            .slice(0, MAX_TEXT_CHARACTERS),
        );
        const { web, page } = await openLesson(lesson, { width: 400 }, texts);
        assert.equal(await overflow(web), 0);
        await takePicture(page, `course/${lesson}-long.png`);
      });
    }

    it('shows the largest hidden Markov model without overflow', async () => {
      const { web, page } = await openLesson('hmm', { width: 400 });
      const type = async (label: string, text: string) => {
        await page.getByLabel(label, { exact: true }).fill(text);
        await page.getByLabel(label, { exact: true }).press('Enter');
      };
      await type('States', 'Rainy, Sunny, Foggy, Thunderstorm, AVeryLongNameOfAState');
      await type('Possible observations', 'walk, shop, clean, read, swim, cook, sleep, AVeryLongNameOfAnObservation');
      await type('Observations', 'walk shop clean read swim cook '.repeat(5));
      await web.idle();
      assert.equal(await page.locator('.trellis .node').count(), MAX_OBSERVATIONS * MAX_STATES);
      assert.equal(await overflow(web), 0);
      await page.setViewportSize({ width: 1000, height: 1000 });
      await web.idle();
      await takePicture(page, 'course/hmm-large.png');
    });

    it('goes from the contents through all lessons and back with the keyboard', async () => {
      const { page } = await open(undefined);
      const press = async (selector: string) => {
        await page.locator(selector).focus();
        await page.keyboard.press('Enter');
      };
      const shown = () => page.locator('article').getAttribute('data-lesson');
      await press(`button[data-lesson="${LESSON_IDS[0]}"]`);
      for (const lesson of LESSON_IDS) {
        assert.equal(await shown(), lesson);
        assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');
        if (lesson !== LESSON_IDS.at(-1)) await press('[data-go=next]');
      }
      assert.equal(await page.locator('[data-go=next]').count(), 0);
      await press('[data-go=previous]');
      assert.equal(await shown(), LESSON_IDS.at(-2));
      await press('[data-go=contents]');
      assert.equal(await shown(), null);
    });

    it('takes the sentences of the user, and keeps lesson and sentences across a reload', async () => {
      const { web, page, asked } = await openLesson('order', {}, ['a b', 'b a', '<b>never</b> markup']);
      assert.equal(await page.locator('textarea').inputValue(), 'a b\nb a\n<b>never</b> markup');
      await page.locator('textarea').fill('one two\n\n two one ');
      await page.locator('form button[type=submit]').click();
      assert.deepEqual(asked.at(-1), { texts: ['one two', ' two one '] });
      await page.reload();
      await page.locator('.seen > li').first().waitFor();
      await web.idle();
      assert.equal(await page.locator('article').getAttribute('data-lesson'), 'order');
      assert.equal(await page.locator('textarea').inputValue(), 'one two\n two one ');
      assert.equal(await page.locator('main b').count(), 0);
    });

    it('names what is wrong with sentences, and keeps them', async () => {
      const { page } = await openLesson('order');
      await page.locator('textarea').fill(Array.from({ length: 9 }, (_, i) => `line ${i}`).join('\n'));
      await page.locator('form button[type=submit]').click();
      assert.match(await page.getByRole('alert').innerText(), /8/);
      assert.match(await page.locator('textarea').inputValue(), /line 8/);
      await page.locator('textarea').fill('good\n...');
      await page.locator('form button[type=submit]').click();
      await eventually(async () => assert.match(await page.getByRole('alert').innerText(), /2/));
    });

    it('trains a classifier of bags of words on the labels of the user', async () => {
      const { web, page, asked } = await openLesson('bagOfWords');
      const row = page.locator('.number-grid').first().locator('tbody tr').nth(2).locator('td');
      assert.equal((await row.allInnerTexts()).join(' '), '2 3 2 1 1 1 2 1 1');
      await page.locator('.labels select').first().selectOption('1');
      await web.idle();
      assert.deepEqual((asked.at(-1) as { labels: number[] }).labels, [1, 1, 0]);
      await page.locator('[data-do=same]').click();
      await eventually(async () => assert.match(await page.locator('.seen').innerText(), /0\.6931\.$/));
      await page.reload();
      await page.locator('.seen > li').first().waitFor();
      assert.equal(await page.locator('.labels select').count(), 2);
      assert.equal(await page.locator('.labels select').first().inputValue(), '1');
    });

    it('works out the weather example, node by node, and follows edited tables', async () => {
      const { web, page, asked } = await openLesson('hmm');
      const seen = page.locator('.seen');
      assert.match(await seen.innerText(), /0\.03361/);
      await page.locator('.trellis .node[tabindex="0"]').focus();
      await page.keyboard.press('ArrowRight');
      assert.match(
        await page.locator('.derivation').innerText(),
        /\(0\.06 × 0\.7 \+ 0\.24 × 0\.4\) × 0\.4\s*= 0\.0552/,
      );
      await page.locator('[data-quantity=viterbi]').click();
      assert.match(
        await page.locator('.derivation').innerText(),
        /max\(0\.06 × 0\.7, 0\.24 × 0\.4\) × 0\.4\s*= 0\.0384/,
      );
      const cells = page.locator('.hmm-tables .block').nth(1).locator('input');
      const requests = asked.length;
      await cells.nth(0).fill('0.9');
      assert.match(await page.locator('.hmm-tables [role=alert]').nth(1).innerText(), /1\.2/);
      assert.equal(asked.length, requests);
      await cells.nth(1).fill('0.1');
      await web.idle();
      assert.ok(asked.length > requests);
      assert.doesNotMatch(await seen.innerText(), /0\.03361/);
      await page.locator('#hmm-observations').fill('walk swim');
      await page.locator('#hmm-observations').blur();
      await eventually(async () => assert.match(await page.locator('article > [role=alert]').innerText(), /swim/));
      await page.locator('[data-do=weather]').click();
      await eventually(async () => assert.match(await seen.innerText(), /0\.03361/));
    });

    it('estimates a model from days with known states', async () => {
      const { web, page, asked } = await openLesson('hmm');
      await page.locator('#hmm-data').selectOption('tagged');
      await page.locator('#hmm-tagged').fill('walk/Sunny walk/Sunny shop/Rainy');
      await page.locator('#hmm-tagged').blur();
      await web.idle();
      assert.deepEqual((asked.at(-1) as { data: { sequences: unknown } }).data.sequences, [
        { states: [1, 1, 0], observations: [0, 0, 1] },
      ]);
      const row = page.getByRole('row', { name: 'P(Sunny → Sunny)' });
      assert.equal((await row.locator('td').allInnerTexts()).slice(0, 3).join(' '), '1 2 0.5');
    });

    it('follows the arguments of nn.LSTM with the shapes, and keeps them across a reload', async () => {
      const { web, page } = await openLesson('layer');
      const caption = (tensor: string) => page.locator(`[data-tensor="${tensor}"] figcaption`).innerText();
      assert.equal(await caption('output'), 'output (5, 3, 20)');
      assert.match(await page.locator('.seen').innerText(), /5,920/);
      await page.locator('[data-argument=bidirectional]').check();
      await page.locator('[data-argument=batch_first]').check();
      await page.getByLabel('dropout').fill('0.3');
      await page.getByLabel('dropout').press('Enter');
      assert.equal(await caption('output'), 'output (3, 5, 40)');
      assert.equal(await caption('h_n'), 'h_n (4, 3, 20)');
      await takePicture(page, 'course/layer-bidirectional.png');
      await page.getByLabel('proj_size').fill('20');
      await page.getByLabel('proj_size').press('Enter');
      assert.match(await page.locator('article > [role=alert]').innerText(), /proj_size.*20/);
      assert.equal(await caption('h_n'), 'h_n (4, 3, 20)');
      await page.reload();
      await page.locator('.seen > li').first().waitFor();
      await web.idle();
      assert.equal(await caption('output'), 'output (3, 5, 40)');
    });

    it('counts what a network feeds back', async () => {
      const { page, trained } = await openLesson('recurrence');
      assert.match(await page.locator('.seen').innerText(), /2,500.*200/);
      await page.getByLabel('Outputs').fill('50');
      await page.getByLabel('Outputs').press('Enter');
      assert.match(await page.locator('.seen').innerText(), /2,500.*2,500/);
      await page.getByLabel('Hidden units').fill('32');
      await page.getByLabel('Hidden units').press('Enter');
      await page.locator('[data-do=run]').click();
      assert.deepEqual(trained.at(-1)?.changes, { 'model.units': 32 });
    });

    it('follows gain, matrix and activation with the gradient, and trains from them', async () => {
      const { web, page, asked, trained } = await openLesson('construction');
      const verdict = page.locator('.flow-verdict');
      assert.equal(await verdict.getAttribute('data-verdict'), 'vanishing');
      await page.locator('[data-do=preset]').first().click();
      await eventually(async () => assert.equal(await verdict.getAttribute('data-verdict'), 'exploding'));
      assert.match(await verdict.innerText(), /50\b.*117\.4/);
      await page.locator('[data-do=preset]').nth(1).click();
      await eventually(async () => assert.match(await verdict.innerText(), /44\b.*0\.005154/));
      await page.locator('#construction-gain').focus();
      for (let gain = 0.9; gain < 0.995; gain += 0.01) await page.keyboard.press('ArrowRight');
      await web.idle();
      assert.equal(await verdict.getAttribute('data-verdict'), 'carries');
      assert.equal(await page.locator('#construction-gain').getAttribute('aria-valuetext'), '1.00');
      await page.locator('#construction-activation').selectOption('tanh');
      await page.locator('#construction-matrix').selectOption('gaussian');
      await web.idle();
      assert.deepEqual(asked.at(-1), { gain: 1, activation: 'tanh', matrix: 'gaussian', lag: 50, seed: 1 });
      await page.locator('[data-do=run]').click();
      const { changes = {} } = trained.at(-1) ?? {};
      assert.deepEqual(
        ['model.recurrentGain', 'model.recurrentInitializer', 'task.distance'].map((field) => changes[field]),
        [1, 'normal', 50],
      );
      await page.reload();
      await eventually(async () => assert.equal(await page.locator('#construction-matrix').inputValue(), 'gaussian'));
    });

    it('follows the forget bias with the gradient of an untrained LSTM, and moves the probes of all runs', async () => {
      const { web, page, asked, trained, probesAt } = await openLesson('cells');
      const seen = page.locator('.seen');
      await eventually(async () => assert.match(await seen.innerText(), /lag 20: .*0\.0073\..*0\.73\d.*0\.002\b/s));
      assert.deepEqual(trained[0]?.runs, ['rnn', 'gru', 'lstm']);
      const requests = asked.length;
      // Faster than the host can answer.
      await page.locator('#cells-forget-bias').focus();
      await page.evaluate(`for (let bias = 1; bias < 3; bias += 0.25) {
        document.activeElement.stepUp();
        document.activeElement.dispatchEvent(new Event('input', { bubbles: true }));
      }`);
      await eventually(async () => assert.match(await seen.innerText(), /forget bias 3 0\.2\d.*0\.95\d/s));
      const last = asked.at(-1);
      assert.deepEqual(last, { lesson: 'cells', run: 'lstm', changes: { 'model.forgetBias': 3 } });
      assert.ok(asked.slice(requests).every((each) => (each as UntrainedRequest).run === 'lstm'));
      await page.getByRole('slider', { name: 'Step of the probes' }).focus();
      await page.keyboard.press('Home');
      assert.deepEqual(probesAt, [0]);
      await page.locator('[data-do=bias]').click();
      assert.deepEqual(trained.at(-1)?.runs, ['lstmOpen']);
      await web.idle();
      await page.reload();
      await eventually(async () => assert.equal(await page.locator('#cells-forget-bias').inputValue(), '3'));
    });

    it('trains one shape at a time, and shows its answers', async () => {
      const { page, trained } = await open({ lesson: 'shapes' });
      const shape = (key: string) => page.locator(`[data-shape=${key}]`);
      assert.equal(await page.locator('[data-shape] svg.network').count(), 4);
      await shape('manyToOne').locator('[data-do=run]').focus();
      await page.keyboard.press('Enter');
      await eventually(async () =>
        assert.match(await shape('manyToOne').locator('tbody').innerText(), /manyToOne Nowak\s+Polish\s+Polish/),
      );
      assert.deepEqual(trained.at(-1)?.runs, ['manyToOne']);
      assert.equal(await shape('delayed').locator('table').count(), 0);
      await shape('delayed').locator('[data-do=run]').click();
      await shape('delayed').locator('table').waitFor();
      assert.equal(await shape('manyToOne').locator('table').count(), 1);
      assert.equal(await page.locator('.seen > li').count(), 2);
    });

    it('ends the gradient at the cut, and trains with another distance', async () => {
      const { page, trained } = await openLesson('truncation');
      const changesOf = () => trained.at(-1)?.changes ?? {};
      assert.equal(changesOf()['task.distance'], 60);
      const seen = page.locator('.seen > li');
      assert.match(await seen.nth(0).innerText(), /\b60\b/);
      assert.match(await seen.nth(2).innerText(), /\b20\b.*\b60\b/);
      await page.locator('#truncation-distance').fill('15');
      await page.locator('[data-do=distance]').click();
      assert.equal(changesOf()['task.distance'], 15);
      assert.equal(changesOf()['data.sequenceLength'], 100);
    });

    it('slides a filter over padded sentences, with and without a mask', async () => {
      const { web, page, asked } = await openLesson('padding');
      assert.match(await page.locator('.seen').innerText(), /2\.92\b.*step 5\b.*1\.88\b.*step 3\b/);
      const requests = asked.length;
      await page.locator('#padding-step').focus();
      for (let t = 4; t > 0; t--) await page.keyboard.press('ArrowLeft');
      assert.equal(await page.locator('#padding-step').inputValue(), '0');
      assert.equal(asked.length, requests);
      await page.getByLabel('Width of the window').fill('5');
      await page.getByLabel('Width of the window').press('Enter');
      await web.idle();
      assert.equal((asked.at(-1) as { filter: unknown[] }).filter.length, 5);
      await page.locator('[data-do=longer]').click();
      await eventually(async () => assert.equal(await page.locator('#padding-text option').count(), 4));
    });

    it('uses the numbers that the user types into the embedding matrix', async () => {
      const { page, asked } = await openLesson('pipeline');
      const cell = page.locator('.number-table tbody tr').nth(7).locator('input').first();
      assert.equal(await cell.inputValue(), '7.1');
      await cell.fill('-12.5');
      await eventually(async () =>
        assert.match(await page.locator('.seen').innerText(), /\[-12\.5, 2\.5, 1\.5, 1\.5\]/),
      );
      await cell.fill('many');
      assert.equal(await cell.getAttribute('aria-invalid'), 'true');
      const last = asked.at(-1) as { embedding: Record<string, number[]> };
      assert.deepEqual(last.embedding.the, [-12.5, 2.5, 1.5, 1.5]);
    });

    it('trains the runs of a lesson and names their curves', async () => {
      const { page, trained } = await openLesson('clipping');
      assert.deepEqual(trained.at(-1), { lesson: 'clipping', changes: {} });
      const labels = (lessons.clipping.runs ?? []).map(({ label }) => label());
      assert.deepEqual(await page.locator('.lesson-runs .run-name').allInnerTexts(), labels);
      const legend = await page.locator('[data-chart=lessonGradientNorm] .legend > li').allInnerTexts();
      assert.deepEqual(legend.slice(0, 2), labels);
      await page.locator('.change button').first().click();
      assert.deepEqual(trained.at(-1)?.seeds, [2]);
    });

    it('shows the steps of both snippets at a spike, and the share of seeds that solve the task', async () => {
      const { web, page, trained } = await openLesson('clipping');
      const rows = async (title: string) =>
        (await page.getByRole('region', { name: title }).locator('tbody tr').allInnerTexts()).map((row) =>
          row.split(/\s*\t\s*/).slice(1),
        );
      const code = 'The step at the largest spike';
      assert.deepEqual(await rows(code), [
        ['600', '1', '600', '60'],
        ['600', '0.001667', '1', '0.1'],
        ['360,000', '2.78e-6', '0.001667', '0.0001667'],
      ]);
      await page.getByLabel('Threshold').fill('6');
      await page.getByLabel('Threshold').press('Enter');
      assert.equal((await rows(code))[1]?.[1], '0.01');
      assert.match(await page.locator('.seen').innerText(), /\b600 times/);
      await page.locator('[data-do=seeds]').click();
      assert.deepEqual(trained.at(-1)?.seeds, [2, 3, 4, 5]);
      await web.idle();
      assert.equal(await page.locator('#clipping-seed option').count(), 4);
      await page.locator('#clipping-seed').selectOption('3');
      assert.deepEqual(
        (await rows('Solved, by seed')).map((row) => [row[0], row.at(-1)]),
        [
          ['\u2013', '4 of 4'],
          ['\u2013', '0 of 4'],
        ],
      );
      await takePicture(page, 'course/clipping-seeds.png');
    });
  },
);
