/** The functions of `node:path` that the product uses, for the paths of a browser: as those of POSIX. */

export const sep = '/';
export const delimiter = ':';

export function isAbsolute(path: string): boolean {
  return path.startsWith(sep);
}

export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split(sep)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute(path)) parts.push(part);
  }
  const joined = parts.join(sep);
  const end = joined !== '' && path.endsWith(sep) ? sep : '';
  if (isAbsolute(path)) return `${sep}${joined}${end}`;
  return joined === '' ? (path.endsWith(sep) && path !== '' ? './' : '.') : `${joined}${end}`;
}

export function join(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== '').join(sep);
  return joined === '' ? '.' : normalize(joined);
}

/** The absolute path of the last parts from the first absolute one on; the current folder is the root. */
export function resolve(...parts: readonly string[]): string {
  const first = parts.findLastIndex(isAbsolute);
  const path = normalize(`${sep}${parts.slice(Math.max(0, first)).join(sep)}`);
  return path === sep ? path : path.replace(/\/$/, '');
}

export function relative(from: string, to: string): string {
  const split = (path: string) => resolve(path).split(sep).filter(Boolean);
  const [a, b] = [split(from), split(to)];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return [...a.slice(shared).map(() => '..'), ...b.slice(shared)].join(sep);
}

export function dirname(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === sep) end--;
  const last = path.lastIndexOf(sep, end - 1);
  if (last < 0) return '.';
  if (last === 0) return sep;
  return last === 1 && isAbsolute(path) ? '//' : path.slice(0, last);
}

export function basename(path: string, suffix = ''): string {
  const whole = path.replace(/\/+$/, '');
  const name = whole.slice(whole.lastIndexOf(sep) + 1);
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function extname(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 || name === '..' ? '' : name.slice(dot);
}
