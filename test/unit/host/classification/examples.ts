import type { Explanation } from '../../../../src/protocol/classifier.ts';

/** An explanation in which every word adds a tenth to the class "positive" of two, and "x" is unknown. */
export function explanationOf(text: string, change: Partial<Explanation> = {}): Explanation {
  const words = Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
    contribution: 0.1,
    leaveOneOut: 0.05,
    known: word !== 'x',
  }));
  const running = words.map((_, index) => [0.5 - 0.1 * Math.min(4, index + 1), 0.5 + 0.1 * Math.min(4, index + 1)]);
  const [negative = 0.5, probability = 0.5] = running.at(-1) ?? [];
  return {
    label: 'positive',
    probability,
    probabilities: [negative, probability],
    unsure: false,
    doubts: [],
    opinion: 1,
    language: 'english',
    wordCount: words.length,
    unknownWords: words.filter(({ known }) => !known).map((word) => word.text),
    logOdds: 0.1 * words.length + 0.02,
    baseline: 0.02,
    words,
    running,
    sentences: [
      {
        start: 0,
        end: text.length,
        label: 'positive',
        probability,
        probabilities: [negative, probability],
        unsure: false,
        opinion: 1,
      },
    ],
    wordsLeftOut: 0,
    ...change,
  };
}
