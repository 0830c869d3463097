import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { posix, resolve, win32 } from 'node:path';
import fc from 'fast-check';
import { parseLink } from '../../../../src/host/links/parseLink.ts';
import { samples } from '../../../../src/protocol/samples.ts';

const END = '.sequence-lab.json';

describe('links to the extension', () => {
  it('name a configuration in the workspace, or a sample, which exists', () => {
    assert.deepEqual(parseLink('/open', `config=a/b c ä${END}`), { config: `a/b c ä${END}` });
    // The query is decoded already.
    for (const named of [`50%25 + 1${END}`, `a=b${END}`])
      assert.deepEqual(parseLink('/open', `config=${named}`), { config: named });
    for (const name of Object.keys(samples)) {
      assert.deepEqual(parseLink('/open', `sample=${name}`), { sample: name });
      assert.ok(existsSync(resolve('media/samples', `${name}${END}`)), name);
    }
  });

  it('are refused with other paths, more or other parameters, and paths that lead elsewhere', () => {
    const queries = [
      ...['', 'config=', 'config=a.json', 'config=.json', `config=${END}x`, `Config=a${END}`, `config=/a${END}`],
      ...[`config=../a${END}`, `config=a/../b${END}`, `config=a/./b${END}`, `config=a//b${END}`, `config=.../a${END}`],
      ...[`config=a&b${END}`, `config=..\\a${END}`, `config=c:a${END}`, `config=file:///a${END}`],
      ...[`config=a\0${END}`, `config=a\n${END}`, `config=a\u202e${END}`, `config=a\u2028b${END}`, `config=*${END}`],
      ...[`config=a${END}&config=b${END}`, `config=a${END}&run=1`, `config=a${END}&sample=ferry`],
      ...[
        'sample=',
        'sample=__proto__',
        'sample=constructor',
        'sample=../ferry',
        'sample=Ferry',
        'sample=ferry&sample=ferry',
      ],
      `config=${'a'.repeat(500)}${END}`,
    ];
    for (const query of queries) assert.equal(parseLink('/open', query), undefined, query);
    for (const path of ['', '/', '/open/', '/Open', 'open', '/open/x', '//open'])
      assert.equal(parseLink(path, 'sample=ferry'), undefined, path);
  });

  it('never name a file outside of the folder, whatever they are', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      'a',
      '~',
      'C:',
      '%00',
      '&',
      '=',
      '+',
      '#',
      '%',
      'ä',
      END,
    );
    const query = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map((parts) => `config=${parts.join('')}${END}`),
      fc.array(part).map((parts) => `sample=${parts.join('')}`),
    );
    fc.assert(
      fc.property(query, (text) => {
        const link = parseLink('/open', text);
        if (!link) return;
        if ('sample' in link) return assert.ok(Object.keys(samples).includes(link.sample));
        for (const { join, sep, isAbsolute } of [posix, win32]) {
          const root = `${sep}root`;
          assert.ok(join(root, link.config).startsWith(`${root}${sep}`) && !isAbsolute(link.config), link.config);
        }
        assert.ok(link.config.endsWith(END));
        return undefined;
      }),
      { numRuns: 5000 },
    );
  });
});
