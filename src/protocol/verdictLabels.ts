import type { Finding, Headline } from './verdicts.ts';

/** Short labels of all verdicts, for titles, lists and the status bar. */
export const verdictLabels: Readonly<Record<Finding['verdict'] | Headline, string>> = {
  'not-finite': 'Not finite',
  'worse-than-uniform': 'Worse than a uniform guess',
  'no-better-than-counting': 'No better than counting',
  overfitting: 'Overfitting',
  plateau: 'Plateau',
  noisy: 'Noisy loss',
  'still-falling': 'Still falling',
  exploding: 'Exploding gradient',
  vanishing: 'Vanishing gradient',
  mixed: 'Mixed gradient flow',
  carries: 'Gradient carries',
  healthy: 'Healthy gradient',
};
