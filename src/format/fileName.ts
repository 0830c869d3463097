/** What file systems forbid in names, or what hides a name: separators, wildcards, quotes, control characters, marks of direction. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\\/:*?"<>|\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name for a file, which stays in the folder that it is put in. */
export function fileName(name: string): string {
  return name.replace(FORBIDDEN, '-').replace(/^\.+/, '-');
}
