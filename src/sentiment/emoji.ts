/**
 * Emoji that express an opinion, by the word whose vector is used for them. The training texts have no emoji, and the
 * word vectors come from news and encyclopedias.
 */
const WORDS: Readonly<Record<string, string>> = {
  happy: '😀😃😄😁😊🙂☺😇😌😺😸🤗🥲',
  hilarious: '😆😂🤣😹',
  love: '😍🥰😘😚😗😙😻❤🧡💛💚💙💜🤎🖤🤍💖💕💗💓💘💞💝💟♥❣',
  great: '👍👌🙌👏🤩💪🔥😎',
  excellent: '💯🏆🥇⭐🌟✨🎉🥳🎊',
  delicious: '😋🤤',
  bad: '👎😕🙁☹',
  disappointing: '😞😔😟😢😥😭😿💔😩😫',
  terrible: '😣😖😰😱',
  angry: '😠😡🤬👿😾',
  annoying: '😒🙄😤😑',
  boring: '😴🥱😪',
  disgusting: '🤮🤢',
  crap: '💩',
  stupid: '🤦',
};

const WORD_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([word, emoji]) => Array.from(emoji, (each) => [each, word] as const)),
);

/** The emoji that express an opinion. */
export const opinionEmoji: readonly string[] = [...WORD_OF.keys()];

/** Word that an emoji is read as; any other form is returned unchanged. */
export function wordOfEmoji(form: string): string {
  return WORD_OF.get(form) ?? form;
}
