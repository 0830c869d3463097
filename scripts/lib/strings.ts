import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { allDescriptions } from '../../src/config/fields.ts';
import { root } from './paths.ts';

/** Folders whose strings users see. */
const FOLDERS = ['src', 'webview'];

/** The module that formats a phrase, whose key is a variable. */
const FORMATTER = join('src', 'phrases', 'phrase.ts');

/** Functions whose first argument is the key of a translation. */
const TRANSLATES = /^(?:(?:vscode\.)?l10n\.t|phrase)$/;

/** Text of the bundle `l10n/bundle.l10n.json`: every string of the product by itself, in alphabetic order. */
export async function stringsBundle(): Promise<string> {
  const paths = (await Promise.all(FOLDERS.map(sourcesIn))).flat().filter((path) => path !== FORMATTER);
  const found = await Promise.all(paths.map(async (path) => stringsOf(path, await readFile(join(root, path), 'utf8'))));
  const keys = [...new Set([...found.flat(), ...allDescriptions()])].sort();
  return `${JSON.stringify(Object.fromEntries(keys.map((key) => [key, key])), undefined, 2)}\n`;
}

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/**
 * The keys of translations in a module: the first arguments of `l10n.t` and `phrase`.
 * @throws Error if a key is not a literal, or a placeholder has no value
 */
export function stringsOf(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TRANSLATES.test(node.expression.getText(file))) {
      const [first, ...values] = node.arguments;
      const literals = first && literalsOf(first);
      if (!literals) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        throw new Error(
          `${path}:${line + 1}: the first argument of ${node.expression.getText(file)} is not a literal.`,
        );
      }
      const given = values.some(ts.isSpreadElement) ? Infinity : values.length;
      const bad = literals.find((key) => placeholders(key).some((index) => index >= given));
      if (bad !== undefined) throw new Error(`${path}: "${bad}" has a placeholder without a value.`);
      keys.push(...literals);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return keys;
}

/** The literals that an expression selects from; undefined if it is not made of literals alone. */
function literalsOf(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (!ts.isConditionalExpression(node)) return undefined;
  const [yes, no] = [literalsOf(node.whenTrue), literalsOf(node.whenFalse)];
  return yes && no && [...yes, ...no];
}

/** Indices of the placeholders in a string, in ascending order and without repetition. */
export function placeholders(key: string): number[] {
  const indices = [...key.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index));
  return [...new Set(indices)].sort((a, b) => a - b);
}
