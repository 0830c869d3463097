import { bagOfWords } from '../../models/bagOfWords/bag.ts';
import { NaiveBayes } from '../../models/bagOfWords/naiveBayes.ts';
import { countWords, vocabularyOf } from '../../data/words/frequentWords.ts';
import { ngrams } from '../../data/words/ngrams.ts';

export interface Labeled {
  readonly text: string;
  readonly label: number;
}

/**
 * Fits a classifier of generated texts: naive Bayes over n-grams of 1 to 3 characters, including begin and end, of real
 * texts. The prior is uniform, so that frequent labels are not preferred.
 * @param labels number of labels; each needs a text
 * @returns function that returns the label of a text
 */
export function fitRecognizer(real: readonly Labeled[], labels: number): (text: string) => number {
  const runs = (text: string) => ngrams(['^', ...text, '$'], { shortest: 1, longest: 3 }, '');
  const vocabulary = vocabularyOf(countWords(real.map(({ text }) => runs(text))));
  const columns = vocabulary.size - 2;
  const vectorOf = (text: string) =>
    bagOfWords(
      runs(text).map((run) => vocabulary.idOf(run)),
      columns,
    );
  const recognize = NaiveBayes.fit(
    real.map(({ text }) => vectorOf(text)),
    real.map(({ label }) => label),
    { classes: labels, columns, smoothing: 0.1 },
  );
  const shares = new Float64Array(labels);
  for (const { label } of real) shares[label] = shares[label]! + 1 / real.length;
  return (text) => {
    const likelihoods = recognize
      .probabilities(vectorOf(text))
      .map((probability, label) => probability / shares[label]!);
    return likelihoods.indexOf(Math.max(...likelihoods));
  };
}

/**
 * Fraction of texts for which the classifier returns the given label, by label, and the mean over labels with a text.
 */
export function recognition(
  recognize: (text: string) => number,
  texts: readonly Labeled[],
  labels: number,
): { readonly byLabel: readonly number[]; readonly mean: number } {
  const [right, all] = [new Float64Array(labels), new Float64Array(labels)];
  for (const { text, label } of texts) {
    all[label] = all[label]! + 1;
    if (recognize(text) === label) right[label] = right[label]! + 1;
  }
  const byLabel = Array.from(right, (count, label) => count / all[label]!);
  const counted = byLabel.filter((share) => !Number.isNaN(share));
  return { byLabel, mean: counted.reduce((sum, share) => sum + share, 0) / counted.length };
}
