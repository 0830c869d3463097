import assert from 'node:assert/strict';
import { repository } from '../../../scripts/lib/repository.ts';
import { glossary } from '../../../src/protocol/glossary/glossary.ts';
import { sources } from '../../../src/protocol/glossary/sources.ts';
import { activationTerms, blockTerms, scoreTerms, TERM_IDS } from '../../../src/protocol/glossary/terms.ts';
import { CHARACTERS, METRICS, seriesName } from '../../../src/protocol/metrics.ts';
import { formulas } from '../../../webview/math/formulas.ts';
import { lossCharts } from '../../../webview/panel/loss/chartSpecs.ts';
import { lagCharts, trendCharts } from '../../../webview/panel/gradients/chartSpecs.ts';

describe('the glossary', () => {
  for (const term of TERM_IDS) {
    it(`has two sentences, a formula that exists and a source with a link for ${term}`, () => {
      const { title, text, formula, source } = glossary[term];
      assert.notEqual(title(), '');
      assert.equal(text().match(/[.](?= |$)/g)?.length, 2, text());
      if (formula !== undefined) assert.ok(Object.hasOwn(formulas, formula), formula);
      assert.match(source.url, /^https:\/\//);
      assert.notEqual(source.label, '');
    });
  }

  it('has a different title for each term, and uses every source', () => {
    const entries = Object.values(glossary);
    assert.equal(new Set(entries.map(({ title }) => title())).size, TERM_IDS.length);
    assert.deepEqual(
      Object.entries(sources).flatMap(([name, source]) =>
        entries.some((entry) => entry.source.url === source.url && entry.source.label === source.label) ? [] : [name],
      ),
      [],
    );
  });

  it('refers to the repository of the project', () => {
    for (const { url } of [sources.guide, sources.benchmarks]) assert.ok(url.startsWith(repository), url);
  });

  it('explains every metric, chart, activation, score and block that has a name of its own', () => {
    const charts = [
      ...lossCharts(CHARACTERS, { metrics: seriesName.options, fixed: [] }).flat(),
      ...lagCharts(true, 'none'),
      ...trendCharts,
    ];
    const named = [
      ...METRICS.map(({ term }) => term),
      ...charts.map(({ term, title }) => term ?? title),
      ...Object.values(activationTerms),
      ...scoreTerms.values(),
      ...blockTerms.map(({ term }) => term),
    ];
    assert.deepEqual(
      named.filter((term) => term === undefined || !Object.hasOwn(glossary, term)),
      [],
    );
  });
});
