import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { Contract } from '../../src/protocol/rpc.ts';
import { Generator } from '../../src/random/generator.ts';
import { pageBoundaries } from '../fuzz/boundaries.ts';
import { HOSTILE } from '../fuzz/hostile.ts';
import { mutatedMessage, validMessage } from '../fuzz/messages.ts';
import { closeEditors, fixtureText, openLab, training, until, untilState, writeText } from './support.ts';

/** Messages to the host of each page; `SEQUENCE_LAB_HOST_MESSAGES` sends more. */
const MESSAGES = Number(process.env['SEQUENCE_LAB_HOST_MESSAGES'] ?? 500);
/** Messages after which the host has its turn. */
const GROUP = 20;

/**
 * Functions whose valid messages are left out: they open dialogs and editors, or start a training or another process for
 * each message. Messages that are refused reach them as well.
 */
const SLOW = new Set<string>([
  ...[
    'act',
    'saveFile',
    'exportCsv',
    'exportPage',
    'exportRuns',
    'chooseFile',
    'chooseValidationFile',
    'begin',
    'copy',
  ],
  ...['train', 'trainRuns', 'trainOpenText', 'tryAdvice', 'openFile', 'openLine', 'compareData', 'openComparison'],
  ...['start', 'startOnSlurm', 'save', 'open'],
  ...['ready', 'choose', 'probeUntrained', 'compareReadings', 'compareWeights', 'cancel'],
]);

/** A panel of VS Code, whose page the test plays. */
class PlayedPage {
  readonly posted: unknown[] = [];
  #receive: ((message: unknown) => unknown) | undefined;
  #dispose: (() => unknown) | undefined;
  readonly panel: vscode.WebviewPanel & vscode.WebviewView;

  constructor() {
    const nothing = () => ({ dispose: () => undefined });
    const webview = {
      options: {},
      html: '',
      cspSource: 'test:',
      asWebviewUri: (uri: vscode.Uri) => uri,
      postMessage: async (message: unknown) => {
        this.posted.push(message);
        return true;
      },
      onDidReceiveMessage: (listener: (message: unknown) => unknown) => {
        this.#receive = listener;
        return nothing();
      },
    };
    const panel = {
      webview,
      title: '',
      viewType: 'sequenceLab.played',
      visible: true,
      active: true,
      viewColumn: vscode.ViewColumn.One,
      onDidChangeViewState: nothing,
      onDidChangeVisibility: nothing,
      onDidDispose: (listener: () => unknown) => {
        this.#dispose = listener;
        return nothing();
      },
      reveal: () => undefined,
      dispose: () => this.close(),
    };
    this.panel = panel as unknown as vscode.WebviewPanel & vscode.WebviewView;
  }

  send(message: unknown): void {
    this.#receive?.(message);
  }

  close(): void {
    this.#dispose?.();
  }
}

describe('messages of pages to the extension host', function () {
  this.timeout(600_000);
  let lab: Lab;
  let run: RunModel;
  let text: string;

  before(async () => {
    lab = await openLab();
    const { run: started, ready } = lab.runs.start(await training('hostile.txt', { steps: 4 }));
    await ready;
    await untilState(started, 'completed');
    run = started;
    text = await writeText('report.sequence-lab.md', '# A report\n');
    await writeText('data.txt', fixtureText);
  });

  afterEach(closeEditors);

  /** Connects the host of each page with a page that the test plays. */
  const hosts: Readonly<Record<keyof typeof pageBoundaries, (panel: PlayedPage['panel']) => unknown>> = {
    panel: async (panel) => lab.panels.restore(panel, { run: run.id }),
    gradients: (panel) => lab.gradients.resolve(panel),
    data: (panel) => lab.data.restore(panel, { path: text }),
    course: (panel) => lab.course.restore(panel),
    runs: (panel) => lab.runsPages.restore(panel),
    report: async (panel) => lab.reports.restore(panel, { document: vscode.Uri.file(text).toString() }),
    sweep: (panel) =>
      lab.sweepForms.restore(panel, {
        request: {
          id: '1',
          title: 'Sweep',
          run: { id: run.id, name: HOSTILE[0] },
          base: {},
          start: run.config,
          workers: 1,
          hasSlurm: false,
        },
      }),
    form: (panel) =>
      lab.forms.restore(panel, {
        request: {
          id: '1',
          title: 'Train',
          start: parseRunConfig({}),
          run: null,
          data: { source: { kind: 'file', path: text }, name: HOSTILE[0] },
          text: null,
          generated: false,
        },
      }),
  };

  it('shows names, tags and notes of a run as text in the view of runs', async () => {
    const markup = '[run](command:workbench.action.quit) $(alert) <img src=x>';
    const { run: named, ready } = lab.runs.start(await training(`${markup}.txt`, { steps: 4 }));
    await ready;
    await untilState(named, 'completed');
    await lab.runs.annotate(named.id, { name: markup, tags: [markup], note: `# ${markup}` });
    const { tooltip, label } = lab.tree.getTreeItem(named);
    assert.equal(label, markup);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml && !tooltip.supportThemeIcons);
    assert.doesNotMatch(tooltip.value, /(?<!\\)\]\(|(?<!\\)\[run/);
  });

  for (const [page, connected] of Object.entries(hosts))
    it(`of the page ${page}: ${MESSAGES} mutated ones do no harm, and it answers what follows`, async () => {
      const contract: Contract = pageBoundaries[page as keyof typeof pageBoundaries].host;
      const names = Object.keys(contract);
      const random = Generator.forPurpose(3, page);
      const rejections: unknown[] = [];
      const reject = (reason: unknown) => void rejections.push(reason);
      process.on('unhandledRejection', reject);
      const before = await stored(lab);
      const played = new PlayedPage();
      const ready = { m: 'ready', a: page === 'panel' ? [{ run: run.id, tab: 'loss' }] : [], t: 'q' };
      try {
        await connected(played.panel);
        played.send(ready);
        await until('the host has sent its content', () => page === 'course' || played.posted.length > 0);
        for (let sent = 0; sent < MESSAGES;) {
          const name = names[random.nextBelow(names.length)] ?? '';
          const { args } = contract[name] ?? {};
          const valid = validMessage(contract, name, random);
          const message = random.nextBelow(3) === 0 ? valid : mutatedMessage(valid, random);
          const { a, m } = Object(message) as { a?: unknown; m?: unknown };
          if (typeof m === 'string' && SLOW.has(m) && args?.safeParse(a).success) continue;
          played.send(message);
          sent++;
          if (sent % GROUP === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        const posted = played.posted.length;
        played.send({ m: 'nothing', a: [], t: 'q', i: 'last' });
        await until('the host has answered', () => isAnswered(played.posted.slice(posted), 'last'));
        played.send(ready);
        await until('the host has sent its content', () => page === 'course' || played.posted.length > posted + 1);
      } finally {
        played.close();
        process.off('unhandledRejection', reject);
      }
      assert.deepEqual(rejections.map(String), []);
      assert.equal(Reflect.get({}, 'harmed'), undefined);
      assert.deepEqual(await stored(lab), before);
    });
});

function isAnswered(posted: readonly unknown[], id: string): boolean {
  return posted.some((message) => (message as { readonly i?: unknown }).i === id);
}

/** Everything in the home of the runs, apart from what is in a run. */
async function stored(lab: Lab): Promise<string[]> {
  const home = join(lab.runs.folder, '..');
  const inHome = await readdir(home);
  const runs = await readdir(lab.runs.folder);
  // Others may be writing the index at this moment.
  return [...inHome, ...runs].filter((name) => !name.endsWith('.tmp')).sort();
}
