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
  const whole = path.replace(/(?<=.)\/+$/, '');
  const at = whole.lastIndexOf(sep);
  if (at < 0) return '.';
  return whole.slice(0, at).replace(/\/+$/, '') || whole.slice(0, /^\/\/[^/]/.test(whole) ? 2 : 1);
}

export function basename(path: string, suffix = ''): string {
  const whole = path.replace(/\/+$/, '');
  const name = whole.slice(whole.lastIndexOf(sep) + 1);
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function extname(path: string): string {
  return /[^.](\.[^.]*)$/.exec(basename(path))?.[1] ?? /^\.+(\.[^.]*)$/.exec(basename(path))?.[1] ?? '';
}
