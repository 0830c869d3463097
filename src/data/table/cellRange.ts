/** White space beyond U+1000, for `trim`. */
const RARE_SPACE = /\s/;

/** True for a code unit that `trim` removes. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return code >= 0xa0 && (code === 0xa0 || (code > 0x1000 && RARE_SPACE.test(String.fromCharCode(code))));
}

/** Place of the first character of a cell that is not white space; its end if there is none. */
export function trimmedStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Place after the last character of a cell that is not white space; its start if there is none. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}
