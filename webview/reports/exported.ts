import '../jitless.ts';
import '../language.ts';
import * as l10n from '@vscode/l10n';
import { exportedReport } from '../../src/protocol/reportPage.ts';
import { h } from '../dom.ts';
import { savePicture } from '../exported/saveFile.ts';
import { themeToggle } from '../exported/themeToggle.ts';
import { Frames } from '../frames.ts';
import { ReportDocument } from './reportDocument.ts';

/** A report that was exported as a page. */
function exportedPage(json: string): HTMLElement {
  const { content, curves, exportedAt, product } = exportedReport.parse(JSON.parse(json));
  const report = new ReportDocument({
    frames: new Frames(),
    settings: ({ defaults }) => defaults,
    settingsChanged: () => undefined,
    saveFile: (format, title, file) => savePicture(null, format, title, file),
    fileLink: (path, label) => h('a', { href: encodeURI(path) }, ...label),
  });
  report.show(content);
  report.curves(...curves);
  const date = new Date(exportedAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return h(
    'main',
    { class: 'report-page exported-report' },
    h('header', { class: 'page-head' }, themeToggle()),
    report.element,
    h('footer', { class: 'notes' }, l10n.t('Exported from Sequence Lab {0} on {1}.', product, date)),
  );
}

const root = document.getElementById('root');
const data = document.getElementById('page-data')?.textContent;
if (root && data) root.append(exportedPage(data));
