import assert from 'node:assert/strict';
import { neededCurves, readReport } from '../../src/catalog/report/readReport.ts';
import { spokenUnits } from '../../src/protocol/metrics.ts';
import { tasks } from '../../src/config/tasks.ts';
import {
  type RemoteReportPage,
  type ReportCurves,
  reportPageContract,
  reportPageHostContract,
} from '../../src/protocol/reportPage.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { madeUpRows } from '../fixtures/panelPage/runRows.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

const REPORT = `# Does a GRU need fewer steps?

**Hypothesis.** A GRU reaches *1.5 nats* before an LSTM does, because $h_t = z_t h_{t-1} + (1 - z_t) g_t$ has
no separate cell. See [the data](data/hamlet.txt), [the paper](https://example.org/gru) and [below](#result).

1. Train three cells
   - with three seeds each
   - on \`hamlet.txt\`
2. Compare

| cell | expected |
| --- | ---: |
| GRU | 1.45 |
| LSTM | 1.50 |

## Result

\`\`\`sequence-lab
runs: cell in (gru, lstm) and units = 64
limit: 4
caption: Validation loss of four runs
\`\`\`

\`\`\`sequence-lab
runs: units = 64
plot: trainPerplexity
x: items
group: cell
caption: Mean over the runs of a cell
\`\`\`

\`\`\`sequence-lab
runs: units = 64
plot: table
sort: best
limit: 5
\`\`\`

\`\`\`sequence-lab
runs: units = 64
plot: table
group: cell
columns: best, seconds
\`\`\`

\`\`\`sequence-lab
runs: cell = gru
plot: gradient
limit: 3
\`\`\`

\`\`\`sequence-lab
runs: cell = gru and bestt < 1.6
polt: loss
\`\`\`

\`\`\`sequence-lab
runs: cell = rnn
\`\`\`

> Nothing is certain.
`;

const HOSTILE = `# <img src=x onerror="globalThis.broken = true">

<script>globalThis.broken = true</script> [a](javascript:globalThis.broken=true) [b](command:x) ![i](https://e.org/i.png)
$\\href{javascript:globalThis.broken=true}{x}$ $\\includegraphics{https://e.org/i.png}$ $\\def\\a{\\a\\a}\\a$ $\\cancel{x}$

\`\`\`sequence-lab
runs: "</script><img src=x onerror='globalThis.broken = true'>"
caption: <b>bold</b>
\`\`\`

${'['.repeat(5000)}${'*'.repeat(5000)}

${'> '.repeat(3000)}
${'- '.repeat(3000)}
`;

interface Options extends WebviewOptions {
  readonly text?: string;
}

/** The preview of a report in a real browser, with made-up runs. */
describeInBrowser(
  'the preview of a report',
  () => bundlePage('webview/reports/main.ts', 'webview/reports/reports.css'),
  (pages) => {
    async function open({ text = REPORT, ...options }: Options = {}) {
      const web = await WebviewPage.in(pages, { height: 1000, ...options });
      const rows = madeUpRows(40);
      const asked: { files: string[]; lines: number[]; runs: string[] } = { files: [], lines: [], runs: [] };
      const show = async (written: string) => {
        const { title, parts } = readReport(written, rows);
        const needed = neededCurves(parts);
        const shown = rows.filter(({ id }) => needed.has(id));
        const units = spokenUnits(tasks['language-model'].units);
        await remote.show({
          title,
          parts: [...parts],
          runs: shown.map((row, i) => ({
            id: row.id,
            label: `${String(row.values['name'])} ${i}`,
            color: i % 12,
            row,
            units,
            itemsPerStep: 1600,
          })),
        });
        for (const [i, { id }] of shown.entries()) await remote.curves(curvesOf(id, i));
      };
      const remote: RemoteReportPage = web.connect({
        serves: reportPageHostContract,
        functions: {
          ready: async () => show(text),
          openFile: (path) => void asked.files.push(path),
          openLine: (line) => void asked.lines.push(line),
          openRun: (id) => void asked.runs.push(id),
          exportPage: () => undefined,
          saveFile: () => undefined,
          report: ({ message }) => assert.fail(message),
        },
        calls: reportPageContract,
      });
      await web.open(options);
      await web.idle();
      return { web, page: web.page, asked, show };
    }

    for (const theme of Object.keys(themes) as ThemeName[])
      it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
        const { web, page } = await open({ theme });
        await page.locator('.report-plot canvas').first().waitFor();
        assert.deepEqual(await accessibilityProblems(web), []);
        for (const width of [1400, 400]) {
          await page.setViewportSize({ width, height: 1000 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `report/${theme}-${width}.png`);
        }
      });

    it('draws its blocks, and problems in their place', async () => {
      const { page, asked } = await open();
      assert.equal(await page.locator('.report-plot .card').count(), 4);
      assert.equal(await page.locator('.report-plot .card').first().locator('.legend li').count(), 4);
      assert.equal(await page.locator('.report-table').first().locator('tbody tr').count(), 5);
      assert.equal(await page.locator('.report-text math').count(), 1);
      assert.equal(await page.locator('.report-text ol ul li').count(), 2);
      assert.deepEqual(await page.locator('.report-problems mark').allInnerTexts(), ['bestt', 'polt']);
      await page.locator('.report-problems button').first().click();
      await page.getByRole('link', { name: 'the data' }).click();
      await page.locator('.report-table button').first().click();
      assert.deepEqual([asked.lines.length, asked.files, asked.runs.length], [1, ['data/hamlet.txt'], 1]);
    });

    it('keeps its plots while the text around them changes', async () => {
      const { web, page, show } = await open();
      await page.evaluate(`document.querySelector('.report-plot .card').dataset.kept = 'yes'`);
      await show(REPORT.replace('# Does', 'Another line.\n\n# Does'));
      await web.idle();
      assert.equal(await page.locator('.report-plot .card').first().getAttribute('data-kept'), 'yes');
      await show(REPORT.replace('limit: 4', 'limit: 2'));
      await web.idle();
      assert.equal(await page.locator('.report-plot .card').first().locator('.legend li').count(), 2);
    });

    it('shows a hostile document as text', async () => {
      const { page } = await open({ text: HOSTILE });
      assert.equal(await page.evaluate('globalThis.broken'), undefined);
      assert.equal(await page.locator('.report :is(img, script, b, iframe)').count(), 0);
      const links = await page.locator('.report a').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
      assert.deepEqual(links, ['https://e.org/i.png']);
      assert.match(await page.locator('.report h1').innerText(), /<img/);
    });

    it('is translated and fits in the pseudo-locale', async () => {
      const { web } = await open({ pseudo: true });
      const names = await web.page.locator('.report-plot .legend li').allInnerTexts();
      assert.deepEqual(await pseudoProblems(web, 'report', [...names, 'nats per character', 'polt plot']), []);
    });
  },
);

/** A falling curve for each series, and a gradient by lag. */
function curvesOf(id: string, i: number): ReportCurves {
  const steps = Array.from({ length: 40 }, (_, k) => 50 * (k + 1));
  const points = steps.flatMap((step) => [step, 1.4 + i / 50 + 2 * Math.exp(-step / 400) + Math.sin(step + i) / 80]);
  const curve = { points, seconds: steps.map((step) => step / (10 + i)) };
  const lags = (factor: number) => Array.from({ length: 60 }, (_, lag) => factor ** lag);
  return {
    id,
    curves: { trainLoss: curve, validationLoss: curve },
    flows: { best: { step: 1400, median: lags(0.9 - i / 50), low: lags(0.86 - i / 50), high: lags(0.93 - i / 50) } },
  };
}
