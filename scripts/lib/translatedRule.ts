import type { Rule, SourceCode } from 'eslint';

/** Functions whose first argument is a key. */
const TRANSLATES = /^(?:(?:vscode\.)?l10n\.t|phrase)$/;

/** Functions whose arguments are for the machine: selectors, names, numbers with units, messages for developers. */
const TECHNICAL =
  /(?:^|\.)(?:forPurpose|createOutputChannel|error|warn|info|arrow|enum|querySelector|querySelectorAll|closest|matches|addEventListener|removeEventListener|setAttribute|getAttribute|removeAttribute|getPropertyValue|setProperty|createElement|createElementNS|getElementById|fail|log|debug|executeCommand|registerCommand|getContext|URL|describe|startsWith|endsWith|includes|split|join|replace|replaceAll)$/;

/** Errors that only a programming error throws. An error that a user can cause is a `PhrasedError`. */
const INTERNAL_ERROR = /^(?:Error|RangeError|TypeError|DOMException|StartCancelled)$/;

/** Properties and attributes whose values are for the machine. */
const TECHNICAL_NAMES =
  /^(?:class|className|id|type|role|d|for|href|scope|transform|viewBox|font|stroke|fill|fillStyle|strokeStyle|kind|key|cell|align|code|selector|command|theme|url|source|path|pattern|when|language|lossAt|xName|guess|counting|texts|(?:data-|stroke|font|marker|text-anchor).*)$/;

/** Attributes that are shown or read aloud, although they are set by a technical function. */
const SHOWN_ATTRIBUTES = /^(?:aria-(?:label|description|valuetext|roledescription)|title|placeholder|alt)$/;

/** Code: selectors, style, paths, formats. */
const CODE =
  /^[.#[<]|^--|^[MLA]\d|px|translate\(|[{}]|^\w+:\/\/|^(?:Arrow|Page)?(?:Up|Down|Left|Right|Home|End|Enter|Escape|Tab|Space|Backspace|Delete)$/;

/** Names that are the same in every language. */
const NAMES = /^(?:Sequence Lab|Adam|AdamW|Adagrad|WebGPU|Native TensorFlow|Keras|True|False)$/;

function isText(text: string): boolean {
  if (NAMES.test(text)) return false;
  return (/[A-Za-z]{2,} [A-Za-z]{2,}/.test(text) || /^[A-Z][a-z]{2,}/.test(text)) && !CODE.test(text);
}

/** Nodes whose own place decides about the literals in them. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'ObjectExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
]);

/** Nodes in which no literal is text. */
const TECHNICAL_NODES: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ImportExpression',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'SwitchCase',
  'TaggedTemplateExpression',
  'TSLiteralType',
  'TSEnumMember',
  'TSPropertySignature',
]);

/** Any node of a syntax tree; one that the walk has reached is a `Rule.Node`, which has a parent. */
type SyntaxNode = Parameters<SourceCode['getAncestors']>[0];

type NodeOf<Type> = Extract<Rule.Node, { type: Type }>;

/** For the other nodes that are not always text: whether a literal directly in one of them is exempt. */
const EXEMPTIONS: { [Type in Rule.Node['type']]?: (parent: NodeOf<Type>, node: Rule.Node) => boolean } = {
  ExpressionStatement: (parent) => 'directive' in parent,
  MemberExpression: ({ property }, node) => property === node,
  PropertyDefinition: ({ key }, node) => key === node || nameOf(key) === 'name' || TECHNICAL_NAMES.test(nameOf(key)),
  Property: (parent, node) =>
    parent.key === node || TECHNICAL_NAMES.test(nameOf(parent.key)) || isDocumentation(parent),
  AssignmentExpression: ({ left }) => left.type === 'MemberExpression' && TECHNICAL_NAMES.test(nameOf(left.property)),
  BinaryExpression: ({ operator }) => operator !== '+',
  NewExpression: ({ callee }) => INTERNAL_ERROR.test(calledName(callee)),
  CallExpression: ({ callee, arguments: [first] }, node) => {
    if (first === node && TRANSLATES.test(calledName(callee))) return true;
    const isShown = first?.type === 'Literal' && SHOWN_ATTRIBUTES.test(String(first.value));
    return TECHNICAL.test(calledName(callee)) && !isShown;
  },
  ConditionalExpression: (parent, node) => parent.test !== node && isExempt(parent),
};

/** Whether the place of a literal says that it is not shown, or that it is a key. */
function isExempt(node: Rule.Node): boolean {
  const { parent } = node;
  if (!parent) return false;
  if (TECHNICAL_NODES.has(parent.type)) return true;
  if (WRAPPERS.has(parent.type)) return isExempt(parent);
  const exemption = EXEMPTIONS[parent.type] as ((parent: Rule.Node, node: Rule.Node) => boolean) | undefined;
  return exemption?.(parent, node) ?? false;
}

/** Whether a node is in a property whose texts are for the documentation, which is in English. */
function isDocumentation(node: Rule.Node): boolean {
  if (node.type === 'Property' && nameOf(node.key) === 'documented') return true;
  return node.parent ? isDocumentation(node.parent) : false;
}

/** Name of a key or property; empty if it is computed from something else. */
function nameOf(key: SyntaxNode): string {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : '';
}

/** Name of a called function with the objects before it, such as `vscode.l10n.t`. */
function calledName(callee: SyntaxNode): string {
  if (callee.type !== 'MemberExpression') return nameOf(callee);
  return `${calledName(callee.object)}.${nameOf(callee.property)}`;
}

/**
 * ESLint rule: a literal that reads as text for users has to be the key of a translation, so the first argument of
 * `l10n.t` or `phrase`. Text is two words in a row, or one capitalized word.
 */
export const translated: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    docs: { description: 'Text for users is the key of a translation.' },
    messages: {
      outside: 'Text for users is written as l10n.t(...) or phrase(...), so that it can be translated: {{text}}',
    },
  },
  create(context) {
    function check(node: Rule.Node, text: string): void {
      if (isText(text) && !isExempt(node)) context.report({ node, messageId: 'outside', data: { text } });
    }

    return {
      Literal: (node) => {
        if (typeof node.value === 'string') check(node, node.value);
      },
      TemplateLiteral: (node) => check(node, node.quasis.map(({ value }) => value.cooked ?? '').join('0')),
    };
  },
};
