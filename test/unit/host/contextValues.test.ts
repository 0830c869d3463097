import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { contextValues, type Present } from '../../../src/host/views/contextValues.ts';
import { runState } from '../../../src/protocol/panel.ts';

interface Item {
  readonly command: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  contributes: { commands: Item[]; menus: { commandPalette: Item[] } & Record<string, Item[]> };
};
const palette = new Map(contributes.menus.commandPalette.map(({ command, when }) => [command, when ?? 'true']));

/** Whether a clause of keys, `!`, `&&` and `||` holds. No file whose name a clause could match is open. */
function holds(clause: string, keys: Readonly<Record<string, boolean>>): boolean {
  return clause.split('||').some((alternative) =>
    alternative.split('&&').every((term) => {
      if (term.includes('resourceFilename =~')) return false;
      const [, not, key = ''] = /^\s*(!?)\s*([\w.]+)\s*$/.exec(term) ?? [];
      assert.notEqual(key, '', `${term} is not a key`);
      return (key === 'true' || keys[key] === true) !== (not === '!');
    }),
  );
}

/** Commands in the palette, without the prefix. @param present undefined before the extension is active */
function offered(present: Present | undefined, editor = false): string[] {
  const own = present
    ? Object.entries(contextValues(present)).map(([name, value]) => [`sequenceLab.${name}`, value])
    : [];
  const keys = { ...(Object.fromEntries(own) as Record<string, boolean>), editorLangId: editor, editorIsOpen: editor };
  return contributes.commands
    .filter(({ command }) => holds(palette.get(command) ?? 'true', keys))
    .map(({ command }) => command.replace('sequenceLab.', ''));
}

const runIn = (
  state: Present['runs'][number]['run']['view']['state'],
  trainsHere = false,
): Present['runs'][number] => ({
  run: { view: { state, writes: true, backend: null }, progress: { step: 10 } },
  trainsHere,
});

const OF_RUNS = [
  ...['showPanel', 'openRun', 'trainAgain', 'copyConfiguration', 'tryAdvice', 'exportRuns', 'exportPage'],
];
const OF_STATES = ['pauseRun', 'continueRun', 'stopRun', 'resumeRun'];
const OF_MODELS_AND_TEXTS = [
  ...['generateTextAtCursor', 'generateTextsAtCursor', 'colorTextByUnit', 'colorTextBySurprisal', 'findWhereUnitFires'],
];

describe('commands in the palette', () => {
  const none = { runs: [], hasText: false, isQueuePaused: false };

  it('are only those that need no run, before the extension is active and without runs', () => {
    for (const commands of [
      offered(undefined),
      offered(undefined, true),
      offered(none),
      offered({ runs: [], hasText: true, isQueuePaused: false }, true),
    ])
      for (const command of [...OF_RUNS, ...OF_STATES, ...OF_MODELS_AND_TEXTS])
        assert.ok(!commands.includes(command), command);
    assert.ok(offered(undefined).includes('trainLstmOnFile'));
    assert.ok(offered(undefined).includes('openCourse'));
    assert.ok(!offered(undefined, true).includes('previewReport'), 'without a report');
  });

  it('that read a text need an editor', () => {
    const completed = [runIn('completed')];
    for (const command of OF_MODELS_AND_TEXTS) {
      assert.ok(!offered({ runs: completed, hasText: false, isQueuePaused: false }).includes(command), command);
      assert.ok(offered({ runs: completed, hasText: true, isQueuePaused: false }, true).includes(command), command);
    }
    assert.ok(!offered(none).includes('classifySentiment'));
    assert.ok(offered(undefined, true).includes('classifySentiment'), 'in an editor, before activation');
    assert.ok(
      offered({ runs: [], hasText: true, isQueuePaused: false }).includes('classifySentiment'),
      'while the panel has the focus',
    );
  });

  it('follow the states of the runs', () => {
    const states = (...runs: Present['runs']) =>
      offered({ runs, hasText: false, isQueuePaused: false })
        .filter((command) => OF_STATES.includes(command))
        .sort();
    assert.deepEqual(states(runIn('completed')), ['resumeRun']);
    assert.deepEqual(states(runIn('running', true)), ['pauseRun', 'stopRun']);
    assert.deepEqual(states(runIn('running', false)), [], 'trains in another window');
    assert.deepEqual(states(runIn('paused', true)), ['continueRun', 'stopRun']);
    for (const state of runState.options)
      for (const command of OF_RUNS)
        assert.ok(offered({ runs: [runIn(state)], hasText: false, isQueuePaused: false }).includes(command));
  });

  it('offer the order of the runs, and to pause or continue all, if that changes something', () => {
    const ofQueue = [...['pauseAllRuns', 'continueAllRuns', 'trainNext', 'removeFromQueue', 'startWhenRunEnds']];
    const queue = (isQueuePaused: boolean, ...runs: Present['runs']) =>
      offered({ runs, hasText: false, isQueuePaused }).filter((command) => ofQueue.includes(command));
    assert.deepEqual(queue(false), []);
    assert.deepEqual(queue(false, runIn('completed')), []);
    assert.deepEqual(queue(false, runIn('running', true)), ['pauseAllRuns', 'startWhenRunEnds']);
    assert.deepEqual(queue(false, runIn('waiting', true)).sort(), [
      'pauseAllRuns',
      'removeFromQueue',
      'startWhenRunEnds',
      'trainNext',
    ]);
    assert.deepEqual(queue(false, runIn('paused', true)), ['continueAllRuns', 'startWhenRunEnds']);
    assert.ok(queue(true, runIn('waiting', true)).includes('continueAllRuns'));
    assert.ok(!queue(true, runIn('waiting', true)).includes('pauseAllRuns'));
  });

  it('and in menus read only keys that are set', () => {
    const own = new Set([
      ...Object.keys(contextValues(none)),
      'coloring',
      'classified',
      'runs',
      'gradients',
      'inBrowser',
    ]);
    for (const { when = '' } of Object.values(contributes.menus).flat())
      for (const [, key = ''] of when.matchAll(/sequenceLab\.(\w+)/g)) assert.ok(own.has(key), key);
  });
});
