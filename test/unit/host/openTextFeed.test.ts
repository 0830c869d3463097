import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { Followed, FollowedText } from '../../../src/host/inspection/followed.ts';
import { RowReader } from '../../../src/host/inspection/rowReader.ts';
import { OpenTextFeed, REREAD_MS, SETTLE_MS } from '../../../src/host/panel/openTextFeed.ts';
import type { OpenText } from '../../../src/protocol/openText.ts';
import { MadeUpInspector } from '../../fixtures/madeUpInspector.ts';
import { newModel, stepEvent } from './examples.ts';
import { assertNames } from '../../harness/facts.ts';

/** A fake editor. */
class FakeEditor implements Followed {
  current: FollowedText | undefined;
  readonly gone: number[] = [];
  readonly #listeners = new Set<() => void>();

  onDidMove(listener: () => void) {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  get followers(): number {
    return this.#listeners.size;
  }

  open(name: string, text: string, cursor = 0): void {
    const source = { length: text.length, crlf: false, slice: (start: number, end: number) => text.slice(start, end) };
    this.current = { name, source, cursor, goTo: async (offset) => void this.gone.push(offset) };
    for (const listener of this.#listeners) listener();
  }
}

/** Turns of the event loop in which all that is pending ends. */
const TURNS = 50;

function setUp(hidden?: FollowedText) {
  const editor = new FakeEditor();
  const model = new MadeUpInspector();
  const sent: OpenText[] = [];
  const commands: string[] = [];
  const feed = new OpenTextFeed({
    send: (openText) => void sent.push(openText),
    followed: editor,
    inspectors: { ask: async (_, question) => question(model) },
    rows: new RowReader(),
    hidden: async () => hidden,
    commands: {
      colorByUnit: async () => undefined,
      colorBySurprisal: async () => void commands.push('colorBySurprisal'),
      findFirings: async () => undefined,
      train: async () => undefined,
    },
    messages: {
      noText: 'no text',
      empty: (name) => `${name} is empty`,
      unfit: (name, run, share) => `${name} is not for ${run}: ${share}`,
    },
  });
  const run = newModel();
  feed.restart(run);
  const settle = async (milliseconds = SETTLE_MS) => {
    mock.timers.tick(milliseconds);
    // Reading a table gives way to other work many times.
    for (let i = 0; i < TURNS; i++) await turn();
  };
  return { editor, model, sent, commands, feed, run, settle };
}

const last = (sent: readonly OpenText[]) => sent.at(-1) ?? assert.fail('nothing was sent');

describe('OpenTextFeed', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  it('follows the editor and its cursor after a delay, and reports the token at the cursor', async () => {
    const { editor, sent, feed, run, settle } = setUp();
    editor.open('hamlet.txt', 'To be, or not to be', 3);
    feed.send(run);
    await settle();
    editor.open('hamlet.txt', 'To be, or not to be', 4);
    editor.open('macbeth.txt', 'When shall we three meet', 5);
    await settle();
    assert.equal(sent.length, 2);
    const shown = last(sent);
    assert.ok(shown.state === 'read');
    assert.deepEqual(
      [shown.name, shown.cursor, shown.inspection.tokens.join('')],
      ['macbeth.txt', 5, 'When shall we three meet'],
    );
  });

  it('reads a text that no editor shows, says where it is, and opens it to color it', async () => {
    const gone: number[] = [];
    const text = 'To be, or not to be';
    const source = { length: text.length, crlf: false, slice: (start: number, end: number) => text.slice(start, end) };
    const hidden = {
      name: 'hamlet.txt',
      source,
      cursor: 0,
      elsewhere: 'run',
      goTo: async (at: number) => void gone.push(at),
    } as const;
    const { editor, sent, commands, feed, run, settle } = setUp(hidden);
    feed.send(run);
    await settle();
    const shown = last(sent);
    assert.ok(shown.state === 'read');
    assert.deepEqual([shown.name, shown.elsewhere, shown.inspection.tokens.join('')], ['hamlet.txt', 'run', text]);
    await feed.functions().colorBySurprisal();
    assert.deepEqual([gone, commands], [[0], ['colorBySurprisal']]);
    editor.open('macbeth.txt', 'When shall we three meet');
    await settle();
    const open = last(sent);
    assert.ok(open.state === 'read' && open.name === 'macbeth.txt' && open.elsewhere === undefined);
    await feed.functions().colorBySurprisal();
    assert.deepEqual([gone.length, commands.length], [1, 2]);
  });

  it('reads the row of a table at the cursor, and sends the table once', async () => {
    const { editor, model, sent, feed, run, settle } = setUp();
    const table = 'text,label\n"so, good",1\nso bad,0\n';
    editor.open('reviews.csv', table, table.indexOf('bad'));
    feed.send(run);
    await settle();
    const row = last(sent);
    assert.ok(row.state === 'read');
    assert.deepEqual([row.row, row.inspection.tokens.join(''), row.cursor], [{ line: 3, column: null }, 'so bad,0', 3]);
    editor.open('reviews.csv', table, table.indexOf('good'));
    await settle();
    const other = last(sent);
    assert.ok(other.state === 'read');
    assert.deepEqual([other.row?.line, other.inspection.tokens.join('')], [2, '"so, good",1']);
    editor.open('reviews.csv', `${table}no\n`, table.length);
    await settle();
    const ragged = last(sent);
    assert.ok(ragged.state === 'unread');
    assertNames(ragged.reason, '"reviews.csv"', 4, 1, 2);
    assert.equal(model.asked.filter((question) => question === 'openRows').length, 2);
  });

  it('reads the text cell for a classifier, and locates each token in the file', async () => {
    const { editor, sent, feed, settle } = setUp();
    const run = newModel({ config: parseRunConfig({ task: { name: 'classification', tokens: 'character' } }) });
    feed.restart(run);
    const table = 'label,text\n1,"a ""b"" c"\n';
    editor.open('reviews.csv', table, table.indexOf('b""'));
    feed.send(run);
    await settle();
    const cell = last(sent);
    assert.ok(cell.state === 'read');
    assert.deepEqual(
      [cell.row, cell.inspection.tokens.join(''), cell.cursor],
      [{ line: 2, column: 'text' }, 'a "b" c', 3],
    );
    await feed.functions().goToToken(4);
    assert.deepEqual(editor.gone, [table.indexOf('"" c')]);
    for (const [place, cursor] of [
      [table.indexOf('1,'), 0],
      [table.indexOf('"" c') + 1, 4],
      [table.length - 1, 6],
    ] as const) {
      editor.open('reviews.csv', table, place);
      await settle();
      const shown = last(sent);
      assert.equal(shown.state === 'read' && shown.cursor, cursor);
    }
  });

  it('sends nothing while its tab is hidden, and reads again when it is shown', async () => {
    const { editor, sent, feed, run, settle } = setUp();
    editor.open('hamlet.txt', 'To be');
    feed.send(run);
    await settle();
    feed.pause();
    editor.open('macbeth.txt', 'When shall');
    await settle();
    assert.equal(sent.length, 1);
    assert.equal(editor.followers, 0);
    feed.send(run);
    await settle();
    assert.equal(sent.length, 2);
  });

  it('drops a result for a previous cursor position', async () => {
    const { editor, sent, feed, run, settle } = setUp();
    editor.open('hamlet.txt', 'To be');
    feed.send(run);
    mock.timers.tick(SETTLE_MS);
    editor.open('macbeth.txt', 'When shall');
    await turn();
    assert.equal(sent.length, 0);
    await settle();
    assert.equal(sent.length, 1);
  });

  it('reads again during training, but not at each step', async () => {
    const { editor, model, feed, run, settle } = setUp();
    let now = 1000;
    mock.method(performance, 'now', () => now);
    editor.open('hamlet.txt', 'To be');
    feed.send(run);
    await settle();
    for (let step = 1; step <= 50; step++) {
      run.apply(stepEvent(step));
      now += REREAD_MS / 20;
      feed.send(run);
      await settle();
    }
    const reads = model.asked.filter((asked) => asked === 'inspect').length;
    assert.ok(reads >= 2 && reads <= 4, `${reads} times`);
  });

  it('reports why no text is shown, and which text can be trained on', async () => {
    const { editor, sent, feed, run, settle } = setUp();
    feed.send(run);
    await settle();
    assert.deepEqual(last(sent), { state: 'unread', reason: 'no text', trainable: null });
    editor.open('empty.txt', '');
    await settle();
    assert.deepEqual(last(sent), { state: 'unread', reason: 'empty.txt is empty', trainable: 'empty.txt' });
    editor.open('kanji.txt', '吾輩は猫である abc');
    await settle();
    assert.deepEqual(last(sent), {
      state: 'unread',
      reason: `kanji.txt is not for hamlet.txt: ${7 / 11}`,
      trainable: 'kanji.txt',
    });
  });

  it('goes to a token in the editor of its text', async () => {
    const { editor, feed, run, settle } = setUp();
    editor.open('long.txt', 'ab'.repeat(400), 400);
    feed.send(run);
    await settle();
    await feed.functions().goToToken(50);
    assert.deepEqual(editor.gone, [400]);
  });
});
