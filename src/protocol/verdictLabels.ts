import { phrase, type Text } from '../phrases/phrase.ts';
import type { Finding, Headline } from './verdicts.ts';

/** Short labels of all verdicts, for titles, lists and the status bar. */
export const verdictLabels: Readonly<Record<Finding['verdict'] | Headline, Text>> = {
  'not-finite': phrase('Not finite'),
  'worse-than-uniform': phrase('Worse than a uniform guess'),
  'no-better-than-counting': phrase('No better than counting'),
  overfitting: phrase('Overfitting'),
  plateau: phrase('Plateau'),
  noisy: phrase('Noisy loss'),
  'still-falling': phrase('Still falling'),
  exploding: phrase('Exploding gradient'),
  vanishing: phrase('Vanishing gradient'),
  mixed: phrase('Mixed gradient flow'),
  carries: phrase('Gradient carries'),
  healthy: phrase('Healthy gradient'),
};
