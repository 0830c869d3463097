import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { connect } from '../../src/protocol/rpc.ts';
import {
  type ReportContent,
  type ReportCurves,
  reportPageContract,
  type ReportPageFunctions,
  reportPageHostContract,
} from '../../src/protocol/reportPage.ts';
import { chartSettings } from '../charts/storedSettings.ts';
import { button, h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import { pictureName } from '../pictureName.ts';
import { StoredState } from '../storedState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import { ReportDocument } from './reportDocument.ts';

/** State that VS Code keeps with the page. */
const pageState = z.object({
  charts: z.record(z.string(), chartSettings).catch({}),
  /** Address of the document. */
  document: z.string().catch(''),
});

/** The preview of a report next to its editor. */
export class ReportView implements ReportPageFunctions {
  readonly #host;
  readonly #store;
  readonly #document: ReportDocument;
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #status = h('p', { class: 'notes', role: 'status' }, l10n.t('Waiting for the extension.'));

  constructor(root: HTMLElement, api: VsCodeApi) {
    const store = new StoredState(pageState, api);
    this.#store = store;
    this.#host = connect({
      port: webviewPort(api),
      serves: reportPageContract,
      functions: this,
      calls: reportPageHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    const host = this.#host;
    const call = (request: () => Promise<void>) => void request().catch((error: unknown) => this.fail(asError(error)));
    this.#document = new ReportDocument({
      frames: new Frames(),
      settings: ({ id, defaults }) => store.current.charts[id] ?? defaults,
      settingsChanged: ({ id }, settings) => store.change({ charts: { ...store.current.charts, [id]: settings } }),
      saveFile: (format, title, content) =>
        call(() => host.saveFile({ format, name: pictureName(null, title), content })),
      openRun: (id) => call(() => host.openRun(id)),
      openLine: (line) => call(() => host.openLine(line)),
      fileLink: (path, label) => {
        const link = h('a', { href: '#' }, ...label);
        link.addEventListener('click', (event) => {
          event.preventDefault();
          call(() => host.openFile(path));
        });
        return link;
      },
    });
    root.append(
      h(
        'main',
        { class: 'report-page' },
        h(
          'div',
          { class: 'report-actions' },
          button(l10n.t('Export as a page'), { class: 'tool' }, () => call(() => host.exportPage())),
        ),
        this.#error,
        this.#status,
        this.#document.element,
      ),
    );
  }

  start(): void {
    void this.#host.ready();
  }

  begin(document: string): void {
    this.#store.change({ document });
  }

  show(content: ReportContent): void {
    const isEmpty = content.parts.every((part) => part.kind === 'text' && part.markdown.trim() === '');
    setText(this.#status, isEmpty ? l10n.t('The report is empty.') : '');
    this.#status.hidden = !isEmpty;
    this.#document.show(content);
  }

  curves(run: ReportCurves): void {
    this.#document.curves(run);
  }

  reveal(line: number): void {
    this.#document.at(line)?.scrollIntoView({ block: 'nearest' });
  }

  fail(error: Error): void {
    setText(this.#error, l10n.t('The page has an error: {0}', error.message));
    void this.#host.report({ message: error.stack ?? error.message });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
