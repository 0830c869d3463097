import { classificationMetrics, type ClassificationMetrics } from '../../../training/classificationMetrics.ts';
import type { YieldNow, TrainingTask } from '../../../training/trainingTask.ts';
import type { ClassificationData } from './classificationData.ts';
import { classificationReport } from './classificationReport.ts';

/**
 * The validation of a classifier, and its report.
 * @param answer probabilities of every class for each validation text
 * @param more blocks that only this family shows
 */
export function validating(
  data: ClassificationData,
  answer: (yieldNow: YieldNow) => Promise<number[][]>,
  more: () => ReturnType<typeof classificationReport> = () => [],
): Pick<TrainingTask, 'validate' | 'report'> {
  const classOf = new Map(data.labels.map((label, index) => [label, index]));
  const classes = data.validation.map(({ label }) => classOf.get(label) ?? 0);
  let shown: { probabilities: readonly (readonly number[])[]; metrics: ClassificationMetrics } | undefined;
  return {
    async validate(yieldNow) {
      const probabilities = await answer(yieldNow);
      const metrics = classificationMetrics(probabilities, classes);
      shown = { probabilities, metrics };
      const { logLoss, n, accuracy, macroF1 } = metrics;
      return { loss: logLoss, n, scores: { accuracy, macroF1 } };
    },
    report: () =>
      Promise.resolve(shown ? [...classificationReport(data, shown.probabilities, shown.metrics), ...more()] : []),
  };
}
