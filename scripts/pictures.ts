/**
 * `npm run pictures` takes the pictures of README.md and docs/ from the packaged extension in a real workbench, in a
 * dark and a light theme, and writes them to media/pictures: an LSTM trains on a sample, its gates follow the text, a
 * sentence is classified. It also takes the pictures of the walkthrough, in the dark theme, and renders the icon of the
 * extension. `npm run pictures -- walkthrough` takes those of the walkthrough only.
 */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../src/runs/record.ts';
import { CodeServer } from '../test/harness/codeServer.ts';
import { Lab } from '../test/harness/lab.ts';
import { until } from '../test/harness/until.ts';
import { type Theme, Workbench } from '../test/harness/workbench.ts';
import { recordAnimation } from './lib/animation.ts';
import { launchChromium } from './lib/chromium.ts';
import { ensureDebianPackages } from './lib/debian.ts';
import { main } from './lib/main.ts';
import { outFolder, root } from './lib/paths.ts';
import { vsixFile } from './lib/product.ts';
import { run } from './lib/run.ts';

const TEXT = 'ferry.txt';
const REVIEW = 'review.txt';
const SIZE = { width: 1400, height: 900 };
const themes: readonly Theme[] = ['light', 'dark'];
const pictures = join(root, 'media', 'pictures');
/** Milliseconds that a training may take on a busy machine. */
const LONG = 600_000;
const onlyWalkthrough = process.argv.includes('walkthrough');

/** Steps of the walkthrough by the scenes that their pictures show. */
const scenes = {
  sentiment: 'sentiment',
  gates: 'gates',
  loss: 'train',
  gradients: 'gradients',
  lesson: 'lesson',
  compare: 'compare',
} as const;

/** Scenes that only the walkthrough shows. */
const undocumented: ReadonlySet<string> = new Set(['lesson', 'compare']);

/** Settings of a run of about 30 seconds that begins to overfit before it ends. */
const settings = {
  'sequenceLab.training.steps': 500,
  'sequenceLab.training.patience': 0,
  'sequenceLab.training.validateEvery': 20,
  'sequenceLab.sampling.every': 100,
  'sequenceLab.probes.every': 50,
  'sequenceLab.backend': 'wasm',
  'editor.minimap.enabled': false,
  'editor.wordWrap': 'on',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
};

const review = `The plot is not bad at all, and the cast is a joy to watch.

The food was cold and the waiter was rude.
`;

async function renderIcon(): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
    const svg = await readFile(join(root, 'scripts', 'icon.svg'), 'utf8');
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    await page.screenshot({ path: join(root, 'media', 'icon.png'), omitBackground: true });
  } finally {
    await browser.close();
  }
}

/** Part of the window, in pixels. */
interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Takes screenshots of a workbench scene in each theme. */
class Photographer {
  readonly #workbench: Workbench;
  readonly #lab: Lab;

  constructor(workbench: Workbench, lab: Lab) {
    this.#workbench = workbench;
    this.#lab = lab;
  }

  /** @param prepare restores elements that a change of theme closes, such as a hover */
  async take(name: keyof typeof scenes, clip?: Clip, prepare?: () => Promise<void>): Promise<void> {
    const forWalkthrough = onlyWalkthrough || undocumented.has(name);
    for (const theme of forWalkthrough ? (['dark'] as const) : themes) {
      await this.#workbench.setTheme(theme);
      await prepare?.();
      const step = join(root, 'media', 'walkthrough', `${scenes[name]}.png`);
      const path = forWalkthrough ? step : join(pictures, `${name}-${theme}.png`);
      await this.#workbench.page.screenshot({ path, ...(clip && { clip }) });
      // A palette of 255 colors reduces the size to a third and looks the same.
      await run('convert', [path, '+dither', '-colors', '255', `PNG8:${path}`], { quiet: true });
      if (theme === 'dark' && path !== step) await copyFile(path, step);
      console.log(path);
    }
  }

  async openTab(name: string): Promise<void> {
    await (await this.#lab.frame()).getByRole('tab', { name, exact: true }).click();
  }

  /** Scrolls the panel so that a chart is at the top. */
  async scrollTo(chart: string): Promise<void> {
    const card = (await this.#lab.frame()).locator(`[data-chart="${chart}"]`);
    await card.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  }

  /** Trains a run, without recording it. */
  async train(): Promise<void> {
    await this.#lab.start(TEXT);
    await until('the run has ended', async () => (await this.#lab.state()) === 'completed', LONG);
    await this.openTab('Gates');
    const frame = await this.#lab.frame();
    await frame.locator('[data-map]').getByRole('application').first().waitFor();
  }

  /** Records the animation: starts a run from the command palette and shows its loss and gates. */
  async film(): Promise<void> {
    const lab = this.#lab;
    const { page } = this.#workbench;
    await recordAnimation(page, join(pictures, 'training.gif'), async () => {
      await lab.showSettings(TEXT);
      await sleep(1500);
      await lab.acceptSettings();
      await until('the run has ended', async () => (await lab.state()) === 'completed');
      await sleep(2000);
      await this.openTab('Gates');
      const frame = await lab.frame();
      await frame.locator('[data-map]').getByRole('application').first().waitFor();
      await sleep(4000);
    });
  }
}

async function photographSentiment(workbench: Workbench, photographer: Photographer): Promise<void> {
  const { page } = workbench;
  await workbench.focusEditor(REVIEW);
  await page.keyboard.press('Shift+End');
  await workbench.runCommand('Sequence Lab: Classify sentiment');
  await until('the sentence is classified', async () => /positive \d+ %/.test(await workbench.statusBar()));
  await photographer.take('sentiment', { x: 48, y: 0, width: 900, height: 420 }, async () => {
    await workbench.focusEditor(REVIEW);
    for (let column = 0; column < 12; column++) await page.keyboard.press('ArrowRight');
    await workbench.runCommand('Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'Model: bundled' }).first();
    await hover.waitFor();
    // It fades in.
    await hover.evaluate(
      '(element) => Promise.all(element.getAnimations().map(({ finished }) => finished)).then(() => undefined)',
    );
  });
  await page.keyboard.press('Escape');
  await workbench.runCommand('View: Close All Editors');
}

async function photographTraining(workbench: Workbench, lab: Lab, photographer: Photographer): Promise<void> {
  await workbench.openFile(TEXT);
  // The first webview of a window takes seconds to load; the view Gradients loads it before the recording.
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Sequence Lab' }).click();
  await workbench.panelFrame('Gradients');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await (onlyWalkthrough ? photographer.train() : photographer.film());
  await workbench.runCommand('Sequence Lab: Color text by unit');
  await workbench.quickPickByTyping('Unit 3', /Unit \d/);
  await photographer.take('gates');
  await workbench.runCommand('Sequence Lab: Stop coloring text');
  await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Sequence Lab' }).click();
  await photographer.openTab('Loss');
  await (await lab.frame()).locator('[data-chart]').first().waitFor();
  await photographer.take('loss');
  await photographer.openTab('Gradients');
  await photographer.scrollTo('gradients.lastStep');
  await photographer.take('gradients');
}

/** Trains the runs of a lesson and those of a comparison. */
async function photographRuns(workbench: Workbench, home: string, photographer: Photographer): Promise<void> {
  const before = await completedRuns(home);
  const ended = async (count: number) =>
    until(`${count} more runs have ended`, async () => (await completedRuns(home)) >= before + count, LONG);
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Sequence Lab: Show what clipping does');
  await ended(2);
  await (await workbench.panelFrame('Course')).locator('.seen > li').first().waitFor();
  await photographer.take('lesson');
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile(TEXT);
  await workbench.runCommand('Sequence Lab: Compare architectures on file');
  await workbench.page.keyboard.press('Enter');
  await ended(5);
  await workbench.reset();
  await photographer.take('compare');
}

/** Number of completed runs in a run store. */
async function completedRuns(home: string): Promise<number> {
  const folder = join(home, 'runs');
  const names = await readdir(folder);
  const records = await Promise.all(names.map(async (name) => readRecord(join(folder, name)).catch(() => undefined)));
  return records.filter((record) => record?.state === 'completed').length;
}

async function takePictures(folder: string, home: string): Promise<void> {
  const env = { SEQUENCE_LAB_HOME: home };
  await using server = await CodeServer.start({ folder, vsix: [vsixFile], env, settings });
  await using workbench = await Workbench.open(server, SIZE);
  const lab = new Lab(workbench);
  const photographer = new Photographer(workbench, lab);
  try {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await photographSentiment(workbench, photographer);
    await photographTraining(workbench, lab, photographer);
    await photographRuns(workbench, home, photographer);
  } catch (error) {
    await workbench.screenshot(join(outFolder, 'pictures-failure.png'));
    throw error;
  }
}

await main(async () => {
  await renderIcon();
  await run(process.execPath, [join(root, 'scripts', 'package.ts')], { quiet: true });
  await ensureDebianPackages(['imagemagick', 'gifsicle'], 'to write compact and animated pictures');
  await mkdir(pictures, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-samples-'));
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
  try {
    await writeFile(join(folder, TEXT), await readFile(join(root, 'media', 'samples', TEXT)));
    await writeFile(join(folder, REVIEW), review);
    await takePictures(folder, home);
  } finally {
    for (const made of [folder, home]) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  }
});
