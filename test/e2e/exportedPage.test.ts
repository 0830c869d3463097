import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { readRecord } from '../../src/runs/record.ts';
import { backendOptions } from '../../src/cli/environment.ts';
import { OpenedRun } from '../../src/worker/openedRun.ts';
import { accessibilityProblems, overflow, until } from '../fixtures/panelPage/checks.ts';
import { decodeAnimation } from '../harness/animations.ts';
import { eventually } from '../harness/until.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { traces, watchPage } from '../harness/watchPage.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Markup that a name, a note and a text contain, and that a page must show as text. */
const MARKUP = `</script><img src=x onerror="globalThis.broken = true">`;

/** Pages of a run that was really trained, opened from disk in a browser without network. */
describe('an exported page', function () {
  this.timeout(180_000);
  let browser: Browser;
  let folder: string;
  let page: Page;
  let problems: string[];

  const cli = async (...args: readonly string[]) =>
    (await run(process.execPath, [join(root, 'dist/cli.js'), ...args], { maxBuffer: 1e8 })).stdout;

  before(async function () {
    browser = await prepareOrSkip(this, () => launchChromium());
    folder = await mkdtemp(join(tmpdir(), 'exported-page-'));
    const text = join(folder, "a <b> & 'tide'.txt");
    await writeFile(text, `${await readFile(join(root, 'media/samples/tide.txt'), 'utf8')}${MARKUP}\n`.repeat(3));
    const settings = ['training.steps=60', 'training.validateEvery=20', 'probes.every=20', 'sampling.every=30'];
    const sets = [...settings, 'model.units=24'].flatMap((each) => ['--set', each]);
    await cli('train', text, '--backend', 'wasm', '--out', join(folder, 'run'), ...sets);
    await cli('train', text, '--backend', 'wasm', '--out', join(folder, 'gru'), ...sets, '--set', 'model.cell=gru');
    await writeFile(join(folder, 'run/note.md'), `# Why ${MARKUP}\n\nIt **works**.\n`);
  });

  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    if (!page.isClosed()) problems.push(...(await traces(page)));
    await page.context().close();
    assert.deepEqual(problems, []);
  });

  const pages = new Map<string, string>();

  /** Path of the page of some runs, which is exported once. */
  async function exported(args: readonly string[]): Promise<string> {
    const known = pages.get(args.join());
    if (known !== undefined) return known;
    const file = join(folder, `page-${pages.size}.html`);
    await cli('export', ...args, '--html', '--out', file);
    pages.set(args.join(), file);
    return file;
  }

  /** Opens the page of some runs from disk, without network. */
  async function open(args: readonly string[], { width = 1100, dark = true } = {}): Promise<void> {
    const file = await exported(args);
    if (!args.includes('--live')) assert.ok((await stat(file)).size < 5e6, 'the page is small');
    await openFile(file, { width, dark });
  }

  /** Opens a page from disk, without network, and waits for a part of it. */
  async function openFile(
    file: string,
    { width = 1100, dark = true, selector = '#reproduce, #ranking' } = {},
  ): Promise<void> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      offline: true,
      colorScheme: dark ? 'dark' : 'light',
    });
    page = await context.newPage();
    problems = [];
    page.on('console', (line) => problems.push(line.text()));
    await watchPage(page, problems, ({ protocol }) => ['file:', 'blob:', 'data:'].includes(protocol));
    await page.goto(pathToFileURL(file).href);
    await until({ page }, `document.querySelector(${JSON.stringify(selector)})`);
  }

  const textOf = (selector: string) => page.locator(selector).first().innerText();

  it('shows the numbers of the record, and texts as text', async () => {
    await open([join(folder, 'run')]);
    const { progress, source, parameters } = await readRecord(join(folder, 'run'));
    const loss = (progress.validationLoss ?? NaN).toFixed(3);
    assert.equal(await textOf('[data-metric="validationLoss"] dd'), loss);
    assert.match(await textOf('.result'), new RegExp(loss.replace('.', '\\.')));
    assert.equal(await textOf('[data-metric="trainLoss"] dd'), (progress.trainLoss ?? NaN).toFixed(3));
    assert.ok((await textOf('#configuration')).includes(parameters.toLocaleString('en')));
    assert.ok((await textOf('#reproduce')).includes(source?.sha256 ?? 'no source'));
    assert.equal(await textOf('#notes h3'), `Why ${MARKUP}`);
    assert.equal(await textOf('[data-setting="model.units"] td'), '24');
    assert.equal(await page.evaluate('globalThis.broken'), undefined);
    assert.equal(await page.locator('img').count(), 0);
    const passage = await page.evaluate<string>('document.querySelector("#passage .tokens").textContent');
    assert.ok(passage.includes('tide'), passage);
  });

  it('shows a report with the runs of the store, and markup as text', async () => {
    await cp(join(folder, 'run'), join(folder, 'home/runs/run'), { recursive: true });
    const report = join(folder, 'tide.sequence-lab.md');
    const block = (plot: string) => `\`\`\`sequence-lab\nruns: run\nplot: ${plot}\n\`\`\`\n`;
    await writeFile(report, `# ${MARKUP}\n\n$x^2$\n\n${block('loss')}${block('gradient')}${block('table')}`);
    const file = join(folder, 'report.html');
    const env = { ...process.env, SEQUENCE_LAB_HOME: join(folder, 'home') };
    await run(process.execPath, [join(root, 'dist/cli.js'), 'export', report, '--html', '--out', file], { env });
    await openFile(file, { selector: '.report-table' });
    const { progress } = await readRecord(join(folder, 'run'));
    assert.equal(await textOf('.report h1'), MARKUP);
    assert.ok((await textOf('.report-table')).includes((progress.best?.loss ?? NaN).toFixed(3)));
    assert.deepEqual([await page.locator('.card').count(), await page.locator('math').count()], [2, 1]);
    assert.equal(await page.locator('.no-points').count(), 0);
    assert.equal(await page.evaluate('globalThis.broken'), undefined);
    assert.deepEqual(await accessibilityProblems({ page }), []);
  });

  it('has a configuration that trains the same run', async () => {
    await open([join(folder, 'run')]);
    const config: unknown = JSON.parse(await page.evaluate('document.querySelector(".config").textContent'));
    const { config: own } = await readRecord(join(folder, 'run'));
    assert.deepEqual({ ...(config as object), threads: own.threads }, { ...own, data: { ...own.data } });
  });

  it('has the gradient by lag that the command line measures', async () => {
    // Such a batch is large enough for the probes of training to follow as many sequences as those of the command line.
    const settings = ['model.units=8', 'data.sequenceLength=16', 'training.batchSize=216', 'training.steps=40'];
    const sets = [...settings, 'training.validateEvery=20', 'probes.every=40'].flatMap((each) => ['--set', each]);
    const out = join(folder, 'probed');
    await cli('train', join(root, 'media/samples/tide.txt'), '--backend', 'wasm', '--out', out, ...sets);
    await open([out]);
    const { step, lastStep } = JSON.parse(await cli('probe', out, '--json')) as {
      step: number;
      lastStep: number[];
    };
    assert.ok((await textOf('#gradient .scrubbed')).includes(String(step)));
    await page.locator('[data-chart=lastStep] [data-tool=table]').click();
    await eventually(async () => {
      const medians = await page.evaluate<number[]>(
        `[...document.querySelectorAll('[data-chart=lastStep] tbody tr')].map((row) => Number(row.lastChild.firstChild.value))`,
      );
      assert.equal(medians.length, lastStep.length);
      medians.forEach((median, lag) => assert.ok(Math.abs(median - (lastStep[lag] ?? NaN)) <= 1e-6 * median));
    });
  });

  it('saves an animation through the probes', async () => {
    await open([join(folder, 'run')]);
    await page.locator('[data-chart=lastStep] [data-tool=picture]').click();
    const download = page.waitForEvent('download');
    await page.locator('[data-chart=lastStep] [data-picture=animation]').click();
    const saved = await download;
    const bytes = await readFile(await saved.path());
    const { milliseconds, hashes } = await decodeAnimation(page, bytes.toString('base64'));
    const probes = await page.locator('#gradient input[type=range]').getAttribute('max');
    assert.equal(milliseconds.length, Number(probes) + 1);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('moves through the probes', async () => {
    await open([join(folder, 'run')]);
    await page.locator('#gradient input[type=range]').fill('0');
    await eventually(async () => assert.match(await textOf('#gradient .scrubbed'), /probe 1 of/i));
  });

  for (const dark of [true, false])
    it(`is accessible and fits in the ${dark ? 'dark' : 'light'} theme`, async () => {
      await open([join(folder, 'run')], { dark });
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      // Tokens are labeled in several frames.
      await until({ page }, '!document.querySelector("[data-token]:not([aria-label])")');
      assert.deepEqual(await accessibilityProblems({ page }), []);
      await page.setViewportSize({ width: 400, height: 900 });
      await eventually(async () => assert.equal(await overflow({ page }), 0));
    });

  it('switches the theme', async () => {
    await open([join(folder, 'run')], { dark: true });
    assert.equal(await page.evaluate('document.body.className'), 'vscode-dark');
    await page.locator('.theme-toggle').click();
    await eventually(async () => assert.equal(await page.evaluate('document.body.className'), 'vscode-light'));
  });

  it('reads and writes with the model of the run as the command line does', async () => {
    await open([join(folder, 'run'), '--live']);
    await until({ page }, 'document.querySelector("#live .tokens span")');
    const typed = 'the tide comes in, and out';
    await page.locator('#live-text').fill(typed);
    await until({ page }, `document.querySelector('#live .tokens')?.textContent === ${JSON.stringify(typed)}`);
    const opened = await OpenedRun.open(join(folder, 'run'), backendOptions());
    try {
      const { surprisal } = await opened.inspector.inspect({ reader: 'test', text: typed, from: 0, top: 1 });
      await eventually(async () => {
        const read = await page.evaluate<string[]>(
          `[...document.querySelectorAll('#live .tokens span')].map((each) => each.ariaLabel ?? each.title)`,
        );
        surprisal.forEach((nats, i) => {
          if (nats !== null) assert.ok(read[i]?.includes(nats.toFixed(3)), `${read[i]} has ${nats.toFixed(3)}`);
        });
      });
      const text = join(folder, 'typed.txt');
      await writeFile(text, typed);
      const { lossNats } = JSON.parse(await cli('evaluate', join(folder, 'run'), text, '--streams', '1', '--json')) as {
        lossNats: number;
      };
      await eventually(async () => assert.ok((await textOf('#live .verdict')).includes(lossNats.toFixed(3))));
    } finally {
      opened.dispose();
    }
    assert.deepEqual(await accessibilityProblems({ page }), []);
    const written = await cli('generate', join(folder, 'run'), '--prompt', 'the ', '--length', '60', '--seed', '7');
    await page.locator('#generate-prompt').fill('the ');
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Length').fill('60');
    await page.locator('#live .generate button.primary').click();
    // The page marks line breaks.
    const shown = `document.querySelector('#live .generated .tokens')?.textContent.replaceAll('\u21b5', '')`;
    await until({ page }, `${shown}?.length === 64`);
    assert.equal(`${await page.evaluate<string>(shown)}\n`, written);
  });

  describe('of a classifier or a tagger', () => {
    const network = ['training.steps=30', 'training.validateEvery=15', 'model.units=8', 'model.embedding=8'];

    /** Trains a run on a file. @returns its folder */
    async function trained(name: string, data: string, settings: readonly string[]): Promise<string> {
      const out = join(folder, name);
      const sets = settings.flatMap((each) => ['--set', each]);
      await cli('train', data, '--backend', 'wasm', '--out', out, ...sets);
      return out;
    }

    /** A table of short texts of two classes. */
    async function table(): Promise<string> {
      const file = join(folder, 'weather.csv');
      const rows = Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? `a warm and sunny day ${i},summer` : `a cold and icy day ${i},winter`,
      );
      await writeFile(file, ['text,label', ...rows].join('\n'));
      return file;
    }

    /** The most likely answers of the model of a run in Node.js. */
    async function answersTo(run: string, text: string) {
      const opened = await OpenedRun.open(run, backendOptions());
      try {
        return (await opened.answer(text, 10)).pieces;
      } finally {
        opened.dispose();
      }
    }

    const classes = async (within: string) => {
      const rows = await page.locator(`${within} .answer .prediction`).allInnerTexts();
      return rows.map((row) => row.split(/\s+/).filter(Boolean).join(' '));
    };

    const formatted = ({ top }: { top: readonly { token: string; probability: number }[] }) =>
      top.map(({ token, probability }) => `${token} ${(100 * probability).toFixed(1)} %`);

    for (const [kind, settings, hasGates] of [
      ['forward', [...network, 'model.bidirectional=false', 'model.pooling=last'], true],
      ['bidirectional', [...network, 'model.bidirectional=true', 'model.pooling=max'], false],
      ['naive Bayes', ['model.family=naive-bayes'], false],
    ] as const)
      it(`classifies a typed text as the run does (${kind})`, async () => {
        const run = await trained(`classifier ${kind}`, await table(), ['task.name=classification', ...settings]);
        await open([run, '--live']);
        await page.locator('#live .answer .prediction').first().waitFor();
        const typed = 'such a sunny and warm evening';
        await page.locator('#live-text').fill(typed);
        const [expected] = await answersTo(run, typed);
        assert.ok(expected);
        await eventually(async () => assert.deepEqual(await classes('#live'), formatted(expected)));
        const passage = await page.locator('#passage .passage-text').innerText();
        const [own] = await answersTo(run, passage);
        await eventually(async () => {
          assert.deepEqual(await classes('#passage'), own && formatted(own).slice(0, 5));
          for (const part of ['#live', '#passage'])
            assert.equal((await page.locator(`${part} [data-map]`).count()) > 0, hasGates, part);
        });
        assert.deepEqual(await accessibilityProblems({ page }), []);
        await page.setViewportSize({ width: 400, height: 900 });
        // The charts and maps follow the new width.
        await eventually(async () => assert.equal(await overflow({ page }), 0));
      });

    for (const [kind, settings] of [
      ['recurrent', [...network, 'model.bidirectional=true']],
      ['hidden Markov model', ['model.family=hidden-markov']],
    ] as const)
      it(`tags the words of a typed sentence as the run does (${kind})`, async () => {
        const tags = join(root, 'media/samples/harbour-tags.tsv');
        const run = await trained(`tagger ${kind}`, tags, ['task.name=tagging', ...settings]);
        await open([run, '--live']);
        await page.locator('#live [data-label]').first().waitFor();
        const typed = 'We sail near a light, and two fish play.';
        await page.locator('#live-text').fill(typed);
        const expected = await answersTo(run, typed);
        assert.deepEqual(
          expected.map(({ text }) => text),
          ['We', 'sail', 'near', 'a', 'light', ',', 'and', 'two', 'fish', 'play', '.'],
        );
        const labels = async () => page.locator('#live [data-label]').allInnerTexts();
        await eventually(async () =>
          assert.deepEqual(
            await labels(),
            expected.map(({ top }) => top[0]?.token),
          ),
        );
        assert.ok((await page.locator('#passage [data-label]').count()) > 0);
        assert.deepEqual(await accessibilityProblems({ page }), []);
      });

    it('is refused with a model for a task that no page can run', async () => {
      const out = join(folder, 'recall');
      const settings = ['task.name=recall', 'training.steps=2', 'data.sequenceLength=70'].flatMap((each) => [
        '--set',
        each,
      ]);
      await cli('train', '--backend', 'wasm', '--out', out, ...settings);
      await assert.rejects(cli('export', out, '--html', '--live', '--out', join(folder, 'recall.html')), /recall/);
      await open([out]);
      assert.ok((await textOf('#passage')).length > 0);
    });
  });

  it('shows several runs side by side', async () => {
    const runs = ['run', 'gru'].map((name) => join(folder, name));
    await open(runs);
    const losses = await Promise.all(runs.map(async (run) => (await readRecord(run)).progress.best?.loss ?? NaN));
    const rows = await page.locator('#ranking .ranking tbody tr').allInnerTexts();
    assert.equal(rows.length, 2);
    losses.sort((a, b) => a - b).forEach((loss, i) => assert.ok(rows[i]?.includes(loss.toFixed(3)), rows[i]));
    assert.deepEqual(await page.locator('#differences [data-setting="model.cell"] td').allInnerTexts(), [
      'lstm',
      'gru',
    ]);
    assert.equal(await page.locator('#differences [data-setting="model.units"]').count(), 0);
    await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
    assert.equal(await page.locator('.run-details .samples').count(), 2);
    assert.deepEqual(await accessibilityProblems({ page }), []);
    await page.setViewportSize({ width: 400, height: 900 });
    await eventually(async () => assert.equal(await overflow({ page }), 0));
    assert.equal(await page.evaluate('globalThis.broken'), undefined);
  });
});
