import assert from 'node:assert/strict';
import { Linter } from 'eslint';
import { translated } from '../../../scripts/lib/translatedRule.ts';

describe('the lint rule "translated"', () => {
  function textsOutside(code: string): string[] {
    const linter = new Linter();
    const config: Linter.Config = {
      languageOptions: { ecmaVersion: 'latest', sourceType: 'module' },
      plugins: { lab: { rules: { translated } } },
      rules: { 'lab/translated': 'error' },
    };
    return linter.verify(code, [config]).map(({ message }) => message);
  }

  const outside = {
    'a sentence': "show('The run has ended.')",
    'a label': "h('button', {}, 'Stop')",
    'a template': 'show(`step ${n} of many`)',
    'glued parts': "show('the model of step ' + n)",
    'a tooltip': "h('button', { title: 'Stop the run' })",
    'a label for screen readers': "button.setAttribute('aria-label', 'Stop the run')",
    'a property with the name "text"': "show({ text: 'The run has ended.' })",
    'a branch of a condition': "show(long ? 'in the window' : l10n.t('b'))",
    'an entry of a table': "const titles = { loss: 'Training loss' }",
    'a value of a phrase': "phrase('{0} is missing', 'the model file')",
    'an error of the user': "throw new PhrasedError('The file is empty.')",
  };
  for (const [what, code] of Object.entries(outside)) {
    it(`reports ${what}`, () => assert.equal(textsOutside(code).length, 1));
  }

  const inside = {
    'keys of both functions': "show(l10n.t('The run has ended.'), vscode.l10n.t('b c d'), say(phrase('two words')))",
    'a key that is selected': "l10n.t(one ? 'one sequence' : 'more sequences')",
    'ids and classes': "h('div', { class: 'first row', 'data-kind': 'Heat map' })",
    selectors: "root.querySelector('button .name span')",
    comparisons: "if (name === 'last value') stop()",
    'programming errors': "throw new RangeError('The lag is negative.')",
    imports: "import { a } from 'Some module'",
    'names that need no translation': "show('Sequence Lab')",
  };
  for (const [what, code] of Object.entries(inside)) {
    it(`accepts ${what}`, () => assert.deepEqual(textsOutside(code), []));
  }
});
