import type { Classification } from './answer.ts';
import { answerText, explain, type Explanation, type TextAnswer } from './explain.ts';
import type { ClassifyOptions, SentimentModel } from './sentimentModel.ts';

/** A loaded text classifier, independent of how it was trained and for which classes. */
export interface Classifier {
  /** Class names. */
  readonly labels: readonly string[];
  /** @throws the reason of the signal once it is aborted */
  classify(texts: readonly string[], options?: ClassifyOptions): Promise<Classification[]>;
  /** Classifies a text and its sentences. @throws the reason of the signal once it is aborted */
  answer(text: string, options?: ClassifyOptions): Promise<TextAnswer>;
  /** Classifies a text and explains the answer. @throws the reason of the signal once it is aborted */
  explain(text: string, options?: ClassifyOptions): Promise<Explanation>;
  dispose(): void;
}

/** Adapts a sentiment model to the `Classifier` interface. */
export function sentimentClassifier(model: SentimentModel): Classifier {
  return {
    labels: model.labels,
    classify: (texts, options) => model.classify(texts, options),
    answer: (text, options) => answerText(model, text, options),
    explain: (text, options) => explain(model, text, options),
    dispose: () => model.dispose(),
  };
}
