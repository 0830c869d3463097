/** Maximum length of a suffix in characters. */
const LONGEST_SUFFIX = 4;

/**
 * Classes of a word from the most general to the most specific: its shape, then its shape with its last one to four
 * letters. `Re-running` has the shape `Xx-x` and the classes `Xx-x`, `Xx-x g`, `Xx-x ng` and so on. A suffix is never
 * the entire word.
 */
export function wordClasses(word: string): string[] {
  const shape = shapeOf(word);
  const letters = Array.from(word.toLowerCase());
  const longest = Math.min(LONGEST_SUFFIX, letters.length - 1);
  const suffixes = Array.from({ length: Math.max(0, longest) }, (_, index) => letters.slice(-1 - index).join(''));
  return [shape, ...suffixes.map((suffix) => `${shape} ${suffix}`)];
}

/** Shape of a word: `X` one capital, `XX` several, `x` other letters, `d` digits, `-` hyphens, `.` other characters. */
function shapeOf(word: string): string {
  const classes = Array.from(word, (character) => {
    if (/\p{Lu}/u.test(character)) return 'X';
    if (/\p{L}/u.test(character)) return 'x';
    if (/\p{N}/u.test(character)) return 'd';
    return character === '-' ? '-' : '.';
  });
  return classes
    .join('')
    .replace(/XX+/g, 'XX')
    .replace(/([xd.-])\1+/g, '$1');
}
