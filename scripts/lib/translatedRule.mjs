/**
 * ESLint rule: a literal that reads as text for users has to be the key of a translation, so the first argument of
 * `l10n.t` or `phrase`. Text is two words in a row, or one capitalized word.
 */

/** Functions whose first argument is a key. */
const TRANSLATES = /^(?:(?:vscode\.)?l10n\.t|phrase)$/;

/** Functions whose arguments are for the machine: selectors, names, numbers with units, messages for developers. */
const TECHNICAL =
  /(?:^|\.)(?:querySelector|querySelectorAll|closest|matches|addEventListener|removeEventListener|setAttribute|getAttribute|removeAttribute|getPropertyValue|setProperty|createElement|createElementNS|getElementById|fail|log|debug|executeCommand|registerCommand|getContext|URL|describe|startsWith|endsWith|includes|split|join|replace|replaceAll)$/;

/** Errors that only a programming error throws. An error that a user can cause is a `PhrasedError`. */
const INTERNAL_ERROR = /^(?:Error|RangeError|TypeError)$/;

/** Properties and attributes whose values are for the machine. */
const TECHNICAL_NAMES =
  /^(?:class|className|id|type|role|d|for|href|scope|transform|viewBox|font|stroke|fill|fillStyle|strokeStyle|kind|key|cell|align|code|selector|command|theme|url|source|path|pattern|when|language|(?:data|stroke|text|font|marker)-?.*)$/;

/** Code: selectors, style, paths, formats. */
const CODE = /^[.#[<]|^--|^[MLA]\d|px|translate\(|[{};=]|^\w+:\/\/|^(?:Arrow|Page)?(?:Up|Down|Left|Right|Home|End|Enter|Escape|Tab|Space|Backspace|Delete)$/;

function isText(text) {
  return (/[A-Za-z]{2,} [A-Za-z]{2,}/.test(text) || /^[A-Z][a-z]{2,}/.test(text)) && !CODE.test(text);
}

export const translated = {
  meta: {
    type: 'problem',
    schema: [],
    docs: { description: 'Text for users is the key of a translation.' },
    messages: { outside: 'Text for users is written as l10n.t(...) or phrase(...), so that it can be translated: {{text}}' },
  },
  create(context) {
    const source = context.sourceCode;

    /** Whether the place of a literal says that it is not shown, or that it is a key. */
    function isExempt(node) {
      const { parent } = node;
      switch (parent.type) {
        case 'ImportDeclaration':
        case 'ImportExpression':
        case 'ExportNamedDeclaration':
        case 'ExportAllDeclaration':
        case 'TSLiteralType':
        case 'TSEnumMember':
        case 'SwitchCase':
          return true;
        case 'ExpressionStatement':
          return parent.directive !== undefined;
        case 'MemberExpression':
          return parent.property === node;
        case 'Property':
        case 'PropertyDefinition':
          return parent.key === node || TECHNICAL_NAMES.test(nameOf(parent.key));
        case 'AssignmentExpression':
          return parent.left.type === 'MemberExpression' && TECHNICAL_NAMES.test(nameOf(parent.left.property));
        case 'BinaryExpression':
          return parent.operator !== '+';
        case 'NewExpression':
          return INTERNAL_ERROR.test(source.getText(parent.callee));
        case 'CallExpression': {
          const callee = source.getText(parent.callee);
          return TECHNICAL.test(callee) || (TRANSLATES.test(callee) && parent.arguments[0] === node);
        }
        case 'ConditionalExpression':
        case 'TSAsExpression':
        case 'TSSatisfiesExpression':
          return parent.test !== node && isExempt(parent);
        case 'TaggedTemplateExpression':
          return true;
        default:
          return false;
      }
    }

    function nameOf(key) {
      return String(key.type === 'Identifier' ? key.name : (key.value ?? ''));
    }

    function check(node, text) {
      if (isText(text) && !isExempt(node)) context.report({ node, messageId: 'outside', data: { text } });
    }

    return {
      Literal: (node) => {
        if (typeof node.value === 'string') check(node, node.value);
      },
      TemplateLiteral: (node) => check(node, node.quasis.map(({ value }) => value.cooked).join('0')),
    };
  },
};
