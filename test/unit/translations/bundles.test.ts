import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { placeholders, stringsBundle, stringsOf } from '../../../scripts/lib/strings.ts';

function texts(name: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, string>;
}

/** Languages with a bundle, such as `de`. */
const languages = readdirSync(join(root, 'l10n')).flatMap((name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? []);

describe('translations', () => {
  it('exist in at least one language', () => assert.ok(languages.length > 0));

  it('have the strings of the source', async () => {
    assert.equal(readFileSync(join(root, 'l10n', 'bundle.l10n.json'), 'utf8'), await stringsBundle());
  });

  for (const language of languages) {
    for (const [name, english] of [
      ['l10n/bundle.l10n', texts('l10n/bundle.l10n.json')],
      ['package.nls', texts('package.nls.json')],
    ] as const) {
      describe(`${name}.${language}.json`, () => {
        const translated = texts(`${name}.${language}.json`);

        it('translates every string, and no other', () => {
          assert.deepEqual(Object.keys(translated).sort(), Object.keys(english).sort());
        });

        it('has the placeholders, the surrounding spaces and the code of the English', () => {
          const marks = (text: string) => ({
            placeholders: placeholders(text),
            spaces: [/^\s*/.exec(text)?.[0], /\s*$/.exec(text)?.[0]],
            code: (text.match(/`[^`]*`/g) ?? []).sort(),
            links: (text.match(/\((?:command|https?):[^)]*\)/g) ?? []).sort(),
          });
          const different = Object.entries(english).filter(
            ([key, text]) => JSON.stringify(marks(text)) !== JSON.stringify(marks(translated[key] ?? '')),
          );
          assert.deepEqual(
            different.map(([, text]) => text),
            [],
          );
        });

        it('differs from the English in most sentences', () => {
          const sentences = Object.entries(english).filter(([, text]) => /\w \w+ \w/.test(text));
          const same = sentences.filter(([key, text]) => translated[key] === text);
          assert.ok(same.length <= 0.02 * sentences.length, same.map(([, text]) => text).join('\n'));
        });
      });
    }
  }
});

describe('stringsOf', () => {
  const keys = (source: string) => stringsOf('a.ts', source);

  it('finds the strings of both functions, also nested ones and those of a condition', () => {
    assert.deepEqual(keys("l10n.t('a {0}', one ? phrase('b') : vscode.l10n.t(two ? 'c' : 'd'))"), [
      'a {0}',
      'b',
      'c',
      'd',
    ]);
  });

  it('ignores other functions', () => assert.deepEqual(keys("t('a'); paraphrase('b'); say('c')"), []));

  it('refuses a key that is not a literal, and names the line', () => {
    assert.throws(() => keys('\nphrase(`a ${b}`)'), /a\.ts:2/);
    assert.throws(() => keys("l10n.t('a' + b)"), /a\.ts:1/);
  });

  it('refuses a placeholder without a value', () => {
    assert.throws(() => keys("phrase('a {0} {1}', b)"), /placeholder/);
    assert.deepEqual(keys("phrase('a {0} {1}', ...b)"), ['a {0} {1}']);
  });
});
