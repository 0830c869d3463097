import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { type PageContent, pageDocument } from '../../../src/export/page/pageDocument.ts';
import { runConfigSchema } from '../../../src/config/schema.ts';
import { newRunView } from '../../../src/runs/runView.ts';
import { noProgress } from '../../../src/protocol/panel.ts';

const ASSETS = { script: 'start("a");', style: 'body { margin: 0 }', liveScript: 'model();' };

/** A page of a run whose texts are `text`. */
function contentOf(text: string): PageContent {
  const config = runConfigSchema.parse({});
  const createdAt = '2026-11-29T12:00:00.000Z';
  const view = newRunView({ id: 'run', name: text, config, createdAt, notices: [text], parent: null });
  return {
    page: {
      version: 1,
      exportedAt: createdAt,
      product: '1.0.0',
      ranking: [],
      runs: [
        {
          view: { ...view, title: text },
          progress: noProgress,
          createdAt,
          config,
          settings: [],
          curves: {},
          samples: [{ step: 1, prompt: text, temperature: 1, text }],
          report: null,
          color: 0,
          note: text,
          probes: [],
          probesTaken: 0,
          passage: { state: 'unread', reason: text },
          reproduction: { command: text, configName: text, config: text, data: text, sha256: null, versions: {} },
        },
      ],
    },
    title: text,
    product: '1.0.0',
    live: null,
    language: 'en',
    translations: { [text]: text },
  };
}

/** Contents of all script elements, as a parser of HTML finds them. */
function scripts(html: string): string[] {
  return [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script/gi)].map(([, content = '']) => content);
}

const markup = fc.constantFrom(
  '</script>',
  '<!--',
  '<script>',
  ']]>',
  '"',
  "'",
  '&',
  '<',
  '>',
  '\u2028',
  'é',
  '</title>',
);

describe('the document of a page', () => {
  it('has any text as data, and nothing of it as markup', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(markup, fc.string({ unit: 'grapheme' }))), (parts) => {
        const content = contentOf(parts.join(''));
        const html = pageDocument(content, ASSETS);
        const [translations, page, script, ...others] = scripts(html);
        assert.deepEqual(JSON.parse(page ?? ''), JSON.parse(JSON.stringify(content.page)));
        assert.deepEqual(JSON.parse(translations ?? ''), content.translations);
        assert.equal(script, ASSETS.script);
        assert.deepEqual(others, []);
        assert.equal(html.split('<title>').length, 2);
        assert.ok(!html.includes('<!--'));
      }),
    );
  });

  it('allows its own script and style only', () => {
    const html = pageDocument(contentOf('a'), ASSETS);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      `script-src ${hash(ASSETS.script)}`,
      `style-src ${hash(ASSETS.style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('allows WebAssembly only with a model', () => {
    const live = { run: 'run', step: 1, config: runConfigSchema.parse({}), files: {}, kernels: '' };
    assert.ok(pageDocument({ ...contentOf('a'), live }, ASSETS).includes("'wasm-unsafe-eval'"));
    assert.ok(!pageDocument(contentOf('a'), ASSETS).includes('wasm-unsafe-eval'));
  });

  it('refuses a built file that would end its element', () => {
    for (const script of ['"</script>"', '"</SCRIPT "', '"<!--"'])
      assert.throws(() => pageDocument(contentOf('a'), { ...ASSETS, script }));
    assert.throws(() => pageDocument(contentOf('a'), { ...ASSETS, style: '</style>' }));
  });
});
