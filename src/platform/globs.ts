import { basename, dirname, sep } from 'node:path';
import { exists } from './files.ts';

/** A path with wildcards, split at the first folder that has one. */
export interface Glob {
  /** The folder before the first wildcard. */
  readonly folder: string;
  /** The rest of the path, with `/` between folders. */
  readonly pattern: string;
}

const WILDCARDS = /[*?[{]/;

/**
 * Splits a path with wildcards. Folders and files that exist have no wildcards, whatever their names are. Returns undefined
 * for a path without wildcards.
 */
export function globOf(path: string): Glob | undefined {
  if (!WILDCARDS.test(path)) return undefined;
  const parts = path.split(sep).flatMap((part) => part.split('/'));
  const first = parts.findIndex((part, index) => WILDCARDS.test(part) && !exists(parts.slice(0, index + 1).join(sep)));
  if (first < 0) return undefined;
  const before = parts.slice(0, first).join(sep);
  // A drive without a separator would be its current folder.
  const folder = /^[A-Za-z]:$/.test(before) ? `${before}${sep}` : before;
  return {
    folder: folder === '' ? (first === 0 ? '.' : sep) : folder,
    pattern: parts.slice(first).join('/'),
  };
}

/** Name of a file, a folder, or a path with wildcards, which begins with the folder before the first of them. */
export function nameOfPath(path: string): string {
  const glob = globOf(path);
  return glob === undefined ? basename(path) : `${basename(glob.folder)}/${glob.pattern}`;
}

/** The folder that contains a file or folder, or the folder before the first wildcard of a path. */
export function folderOfPath(path: string): string {
  return globOf(path)?.folder ?? dirname(path);
}

/**
 * Converts a pattern to a regular expression for paths with `/` between folders: `*` and `?` match within a name, `**`
 * any number of folders, `[abc]` and `[!abc]` one character, and `{a,b}` either text.
 */
export function globExpression(pattern: string): RegExp {
  const alternatives = withoutBraces(pattern).map((each) => {
    const names = each.split('/');
    return names
      .map((name, index) => {
        const isLast = index === names.length - 1;
        if (name === '**') return isLast ? '.*' : '(?:[^/]+/)*';
        return `${nameExpression(name)}${isLast ? '' : '/'}`;
      })
      .join('');
  });
  return new RegExp(`^(?:${alternatives.join('|')})$`, 'u');
}

/** Expands alternatives in braces: `*.{md,txt}` becomes `*.md` and `*.txt`. */
function withoutBraces(pattern: string): string[] {
  const [braces, inside] = /\{([^{}]*,[^{}]*)\}/.exec(pattern) ?? [];
  if (braces === undefined || inside === undefined) return [pattern];
  return inside.split(',').flatMap((each) => withoutBraces(pattern.replace(braces, () => each)));
}

function nameExpression(name: string): string {
  return name.replaceAll(/\*+|\?|\[!?[^\]]+\]|[^]/gu, (token) => {
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length < 3) return token.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
    const negated = token.startsWith('[!');
    const inside = token.slice(negated ? 2 : 1, -1).replaceAll(/[\\\]^[]/g, '\\$&');
    return negated ? `[^/${inside}]` : `[${inside}]`;
  });
}
