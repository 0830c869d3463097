import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';

const pages = [
  ...['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'media/samples/README.md'],
  ...['docs', 'media/walkthrough'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

const PATH = /`((?:src|webview|scripts|test|media|docs)\/[\w./-]+)`/g;
const LINK = /\]\((?!https?:|command:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

/** The anchors of a page's headings on GitHub. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documentation', () => {
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8');

    it(`${page} names only paths that exist`, () => {
      const missing = [...text.matchAll(PATH)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(join(root, path)));
      assert.deepEqual(missing, []);
    });

    it(`${page} links only to pages and headings that exist`, () => {
      for (const [link, path = '', anchor] of text.matchAll(LINK)) {
        const target = path === '' ? join(root, page) : join(root, dirname(page), path);
        assert.ok(existsSync(target), link);
        if (anchor !== undefined) assert.ok(anchors(readFileSync(target, 'utf8')).includes(anchor), link);
      }
    });
  }

  it('the README is short enough to read', () => {
    assert.ok(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length <= 150);
  });
});
