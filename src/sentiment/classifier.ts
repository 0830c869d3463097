import type { Classification } from './answer.ts';
import { explain, type Explanation } from './explain.ts';
import type { ClassifyOptions, SentimentModel } from './sentimentModel.ts';

/** A classifier of texts in use, whatever it was trained by and for. */
export interface Classifier {
  /** Names of its classes. */
  readonly labels: readonly string[];
  /** @throws the reason of the signal once it is aborted */
  classify(texts: readonly string[], options?: ClassifyOptions): Promise<Classification[]>;
  /** Classifies a text and says why. @throws the reason of the signal once it is aborted */
  explain(text: string, options?: ClassifyOptions): Promise<Explanation>;
  dispose(): void;
}

/** A model of sentiment as a classifier. */
export function sentimentClassifier(model: SentimentModel): Classifier {
  return {
    labels: model.labels,
    classify: (texts, options) => model.classify(texts, options),
    explain: (text, options) => explain(model, text, options),
    dispose: () => model.dispose(),
  };
}
