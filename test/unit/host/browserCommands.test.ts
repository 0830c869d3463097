import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';

interface Item {
  readonly command?: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  contributes: { commands: { command: string }[]; menus: Record<string, Item[]>; keybindings?: Item[] };
};

/**
 * Every command in a browser: `missing` for one that cannot work there; `same` for one whose code is that of the desktop, and
 * that no suite of the browser uses yet; otherwise the suite of `test/web/workbench` that uses it.
 */
const commands: Readonly<Record<string, 'missing' | 'same' | 'pages' | 'train' | 'classify' | 'elsewhere'>> = {
  trainLstmOnFile: 'pages',
  compareArchitecturesOnFile: 'same',
  showWhatClippingDoes: 'same',
  trainFromConfiguration: 'pages',
  openSampleText: 'same',
  inspectDataSet: 'pages',
  openCourse: 'pages',
  showWordPipeline: 'same',
  showWhyOrderMatters: 'same',
  generateTextAtCursor: 'train',
  generateTextsAtCursor: 'same',
  showRuns: 'pages',
  showPanel: 'same',
  openRun: 'same',
  tryAdvice: 'same',
  pauseRun: 'train',
  continueRun: 'train',
  stopRun: 'train',
  pauseAllRuns: 'same',
  continueAllRuns: 'same',
  trainNext: 'same',
  moveUpInQueue: 'same',
  moveDownInQueue: 'same',
  startWhenRunEnds: 'same',
  removeFromQueue: 'same',
  resumeRun: 'train',
  resumeWithHalfLearningRate: 'same',
  resumeWithClipping: 'same',
  resumeOnBundledBackend: 'same',
  runAgain: 'same',
  trainAgain: 'same',
  startSweep: 'elsewhere',
  startSweepOnSlurm: 'missing',
  sweepFromRun: 'same',
  testLearningRates: 'same',
  continueSweep: 'same',
  stopSweep: 'same',
  showTrials: 'same',
  trainFurther: 'same',
  copyConfiguration: 'same',
  exportPage: 'train',
  openForecast: 'same',
  revealRun: 'same',
  exportRuns: 'same',
  exportArchive: 'same',
  importArchive: 'same',
  freeSpace: 'same',
  openModel: 'same',
  exportModel: 'same',
  newReport: 'same',
  previewReport: 'pages',
  exportReport: 'pages',
  compareRuns: 'same',
  restoreModel: 'same',
  archiveRuns: 'same',
  deleteRun: 'same',
  colorTextByUnit: 'same',
  colorTextBySurprisal: 'same',
  stopColoring: 'same',
  findWhereUnitFires: 'same',
  classifySentiment: 'classify',
  showGatesOnSelection: 'same',
  clearClassification: 'same',
  chooseSentimentModel: 'same',
  useForClassifySentiment: 'same',
  classifyColumn: 'same',
  trainClassifierOnDataSet: 'same',
  showBackends: 'same',
  installNativeTensorflow: 'missing',
  removeNativeTensorflow: 'missing',
  showLog: 'same',
};

const named = (keep: (use: string) => boolean) =>
  Object.entries(commands).flatMap(([name, use]) => (keep(use) ? `sequenceLab.${name}` : []));
const items = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);

describe('the commands in a browser', () => {
  it('are all known, so that a new one is tried there', () => {
    assert.deepEqual(named(() => true).sort(), contributes.commands.map(({ command }) => command).sort());
  });

  it('are hidden where they cannot work: in the palette and in every menu', () => {
    for (const command of named((use) => use === 'missing')) {
      const shown = items.filter((item) => item.command === command);
      assert.ok(
        shown.some(({ menu }) => menu === 'commandPalette'),
        command,
      );
      for (const { when = '' } of shown)
        assert.ok(
          when
            .split('&&')
            .map((term) => term.trim())
            .includes('!sequenceLab.inBrowser'),
          command,
        );
    }
  });

  it('are hidden nowhere else for being in a browser, and for no scheme of files', () => {
    const works = new Set(named((use) => use !== 'missing'));
    for (const { command = '', when = '' } of items) {
      if (!works.has(command)) continue;
      assert.ok(!when.includes('inBrowser'), command);
      assert.ok(!/resourceScheme\s*==/.test(when), command);
    }
  });

  it('are used by suites that exist', () => {
    for (const suite of new Set(Object.values(commands)))
      if (suite !== 'missing' && suite !== 'same')
        assert.ok(existsSync(join(root, 'test/web/workbench', `${suite}.test.ts`)), suite);
  });
});
