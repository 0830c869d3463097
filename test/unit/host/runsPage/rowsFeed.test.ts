import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { RowsFeed, RUNS_AT_A_TIME, UPDATE_MS, type ListedRuns } from '../../../../src/host/runsPage/rowsFeed.ts';
import { changedAnnotations } from '../../../../src/host/runsPage/changedAnnotations.ts';
import { RunList } from '../../../../src/host/runs/runList.ts';
import type { RunModel } from '../../../../src/host/runs/runModel.ts';
import { NO_ANNOTATIONS } from '../../../../src/protocol/annotations.ts';
import type { RunRow } from '../../../../src/protocol/runRow.ts';
import { annotate } from '../../../../src/runs/annotations.ts';
import { trashRun, restoreRun } from '../../../../src/runs/trash.ts';
import { eventually } from '../../../harness/until.ts';
import { exampleRecord, quickFiles, writeExample } from '../../runs/examples.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { newModel, stepEvent } from '../examples.ts';

/** Page that keeps the rows it is sent. */
class KeptRows {
  readonly rowsById = new Map<string, RunRow>();
  readonly messages: { readonly changed: string[]; readonly removed: string[]; readonly isComplete: boolean }[] = [];

  rows({ changed, removed, isComplete }: { changed: RunRow[]; removed: string[]; isComplete: boolean }): void {
    for (const row of changed) this.rowsById.set(row.id, row);
    for (const id of removed) this.rowsById.delete(id);
    this.messages.push({ changed: changed.map(({ id }) => id), removed, isComplete });
  }

  unreadable(): void {
    return undefined;
  }
}

/** Runs that the test changes. */
class FakeRuns implements ListedRuns {
  runs: readonly RunModel[];
  readonly unreadable = [];
  readonly #run = new Set<(run: RunModel) => void>();
  readonly #list = new Set<() => void>();

  constructor(runs: readonly RunModel[]) {
    this.runs = runs;
  }

  run(id: string): RunModel | undefined {
    return this.runs.find((run) => run.id === id);
  }

  onDidChangeRun(listener: (run: RunModel) => void) {
    this.#run.add(listener);
    return { dispose: () => void this.#run.delete(listener) };
  }

  onDidChangeList(listener: () => void) {
    this.#list.add(listener);
    return { dispose: () => void this.#list.delete(listener) };
  }

  changeRun(run: RunModel): void {
    for (const listener of this.#run) listener(run);
  }

  changeList(): void {
    for (const listener of this.#list) listener();
  }
}

const models = (count: number) => Array.from({ length: count }, (_, i) => newModel({ folder: `/runs/run-${i}` }));

describe('RowsFeed', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('sends the newest rows at once, the others in parts, and each once', () => {
    const runs = new FakeRuns(models(RUNS_AT_A_TIME.first + RUNS_AT_A_TIME.others + 1));
    const page = new KeptRows();
    const feed = new RowsFeed(runs, page);
    feed.start();
    assert.equal(page.rowsById.size, RUNS_AT_A_TIME.first);
    mock.timers.tick(1);
    mock.timers.tick(1);
    assert.deepEqual(
      page.messages.map(({ changed, isComplete }) => [changed.length, isComplete]),
      [
        [RUNS_AT_A_TIME.first, false],
        [RUNS_AT_A_TIME.others, false],
        [1, true],
      ],
    );
    runs.changeList();
    mock.timers.tick(10 * UPDATE_MS);
    assert.equal(page.messages.length, 3, 'an unchanged list sends nothing');
    feed.stop();
  });

  it('ends each part of a changed list with a complete message', () => {
    const count = 2 * RUNS_AT_A_TIME.others + 1;
    for (const place of [0, RUNS_AT_A_TIME.others, count - 1])
      for (const change of ['remove', 'rename'] as const) {
        const runs = new FakeRuns(models(count));
        const page = new KeptRows();
        const feed = new RowsFeed(runs, page);
        feed.start();
        mock.timers.tick(10 * UPDATE_MS);
        const before = page.messages.length;
        const changed = runs.runs[place];
        assert.ok(changed);
        if (change === 'remove') runs.runs = runs.runs.filter((run) => run !== changed);
        else changed.annotate({ ...NO_ANNOTATIONS, name: 'mine' });
        runs.changeList();
        mock.timers.tick(10 * UPDATE_MS);
        assert.equal(page.rowsById.has(changed.id), change === 'rename');
        const after = page.messages.slice(before);
        assert.equal(after.at(-1)?.isComplete, true, `${change} ${place}`);
        assert.equal(after.filter(({ isComplete }) => isComplete).length, 1);
        feed.stop();
      }
  });

  it('sends only what changes, at most twice a second, and nothing once it is stopped', () => {
    const runs = new FakeRuns(models(3));
    const page = new KeptRows();
    const feed = new RowsFeed(runs, page);
    feed.start();
    const [first, second] = runs.runs;
    assert.ok(first && second);
    for (let step = 1; step <= 5; step++) {
      first.apply(stepEvent(step));
      runs.changeRun(first);
    }
    mock.timers.tick(UPDATE_MS);
    assert.deepEqual(page.messages.slice(1), [{ changed: [first.id], removed: [], isComplete: true }]);
    assert.equal(page.rowsById.get(first.id)?.values.step, 5);
    second.annotate({ ...NO_ANNOTATIONS, starred: true, name: 'mine' });
    runs.runs = [second];
    runs.changeRun(second);
    runs.changeRun(first);
    runs.changeList();
    mock.timers.tick(UPDATE_MS);
    assert.deepEqual([...page.rowsById.keys()], [second.id]);
    assert.equal(page.rowsById.get(second.id)?.values.name, 'mine');
    const messages = page.messages.length;
    feed.stop();
    second.apply(stepEvent(9));
    runs.changeRun(second);
    mock.timers.tick(10 * UPDATE_MS);
    assert.equal(page.messages.length, messages);
    feed.start();
    assert.deepEqual(page.messages.at(-1), { changed: [second.id], removed: [], isComplete: true });
    feed.stop();
  });
});

describe('RowsFeed with a run store', () => {
  const folder = temporaryFolder();

  it('shows copied folders, what another process adds, and runs that leave for the trash and come back', async () => {
    const store = join(folder(), 'runs');
    const [first, second] = ['20260101-000000-a-0001', '20260101-000001-b-0002'];
    await writeExample(store, exampleRecord(first, { createdAt: '2026-01-01T00:00:00.000Z' }));
    await writeExample(store, exampleRecord(second, { createdAt: '2026-01-02T00:00:00.000Z' }));
    let changedList: () => void = () => undefined;
    let changedRun: (run: RunModel) => void = () => undefined;
    const list = new RunList({
      folder: () => store,
      isLive: () => false,
      changedRun: (run) => changedRun(run),
      changedList: () => changedList(),
    });
    const page = new KeptRows();
    const feed = new RowsFeed(
      {
        get runs() {
          return list.runs;
        },
        get unreadable() {
          return list.unreadable;
        },
        run: (id) => list.get(id),
        onDidChangeRun: (listener) => {
          changedRun = listener;
          return { dispose: () => undefined };
        },
        onDidChangeList: (listener) => {
          changedList = listener;
          return { dispose: () => undefined };
        },
      },
      page,
    );
    const shows = (...ids: string[]) => eventually(() => assert.deepEqual([...page.rowsById.keys()].sort(), ids));
    await list.refresh();
    feed.start();
    await shows(first, second);
    assert.deepEqual(page.messages[0]?.changed, [second, first], 'the newest first');
    const { best, bestStep, last, name } = page.rowsById.get(first)?.values ?? {};
    assert.deepEqual([best, bestStep, last], [1.7, 80, 1.75]);
    assert.ok(name);

    await annotate(join(store, first), { starred: true, tags: ['paper'], note: 'Best so far.' }, quickFiles);
    await cp(join(store, second), join(store, 'copy'), { recursive: true });
    await list.refresh();
    await shows(first, second, 'copy');
    await eventually(() => {
      const { starred, tags, note } = page.rowsById.get(first)?.values ?? {};
      assert.deepEqual([starred, tags, note], [true, ['paper'], 'Best so far.']);
    });

    const trashed = await trashRun(join(store, first), quickFiles);
    await list.refresh();
    await shows(second, 'copy');
    await restoreRun(trashed, store, quickFiles);
    await list.refresh();
    await shows(first, second, 'copy');
    assert.equal(page.rowsById.get(first)?.values.note, 'Best so far.');
    feed.stop();
  });
});

describe('changedAnnotations', () => {
  it('adds and removes tags, and leaves the rest alone', () => {
    const run = { tags: ['a', 'b'] };
    assert.deepEqual(changedAnnotations(run, { addTags: ['c', 'a'], removeTags: ['b'] }), { tags: ['a', 'c'] });
    assert.deepEqual(changedAnnotations(run, { starred: true, addTags: [], removeTags: [] }), { starred: true });
    assert.deepEqual(changedAnnotations(undefined, { addTags: ['x'], note: 'why' }), { tags: ['x'], note: 'why' });
  });
});
