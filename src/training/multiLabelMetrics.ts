/** Metrics of a classifier with any number of labels for each text. */
export interface MultiLabelMetrics {
  readonly n: number;
  /** Sum over the labels of the cross-entropy of each, in nats per text. */
  readonly logLoss: number;
  /** Fraction of texts with exactly the right labels. */
  readonly exactMatch: number;
  /** F1 of all decisions together. */
  readonly microF1: number;
  /** Mean of the F1 of the labels. */
  readonly macroF1: number;
  /** Mean of the areas under the ROC curves of the labels that have one. */
  readonly auc: number | null;
  readonly labels: readonly LabelMetrics[];
}

/** Metrics of the decisions about one label. */
interface LabelMetrics {
  /** A text gets the label if its probability is at least this. */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  /** 0 if nothing is right. */
  readonly f1: number;
  /**
   * Area under the ROC curve: how often a text with the label has a higher probability than one without, with ties as
   * one half (Hanley and McNeil 1982). Null if there are only texts of one kind.
   */
  readonly auc: number | null;
  /** Number of texts with the label. */
  readonly support: number;
}

/** Lower bound of probabilities in the log loss, which would be infinite for zero. */
const MIN_PROBABILITY = 1e-15;
/** Threshold of a label without texts that have it, or without texts that do not. */
const UNDECIDED = 0.5;

/**
 * Computes the metrics of predictions.
 * @param probabilities probability of every label, for each text
 * @param truth for each text and label, whether the text has it
 * @param thresholds of every label
 * @throws RangeError if there are no texts or the two differ in length
 */
export function multiLabelMetrics(
  probabilities: readonly (readonly number[])[],
  truth: readonly (readonly boolean[])[],
  thresholds: readonly number[],
): MultiLabelMetrics {
  const n = probabilities.length;
  if (n === 0 || n !== truth.length)
    throw new RangeError(
      `The number of predictions (${n}) does not match that of the texts (${truth.length}), or is 0.`,
    );
  const labels = thresholds.map((threshold, label) => {
    const pairs = probabilities.map((each, text) => ({ p: each[label] ?? 0, has: truth[text]?.[label] ?? false }));
    return { ...decisions(pairs, threshold), auc: areaUnderRoc(pairs) };
  });
  const sum = (of: (label: (typeof labels)[number]) => number) => labels.reduce((all, label) => all + of(label), 0);
  const areas = labels.flatMap(({ auc }) => (auc === null ? [] : [auc]));
  const exact = probabilities.filter((each, text) =>
    thresholds.every((threshold, label) => (each[label] ?? 0) >= threshold === (truth[text]?.[label] ?? false)),
  ).length;
  return {
    n,
    logLoss: probabilities.reduce((all, each, text) => all + lossOf(each, truth[text] ?? []), 0) / n,
    exactMatch: exact / n,
    microF1: f1(
      sum(({ hits }) => hits),
      sum(({ answered }) => answered),
      sum(({ support }) => support),
    ),
    macroF1: sum((label) => label.f1) / labels.length,
    auc: areas.length === 0 ? null : areas.reduce((all, area) => all + area, 0) / areas.length,
    labels: labels.map(({ threshold, precision, recall, f1: score, auc, support }) => ({
      threshold,
      precision,
      recall,
      f1: score,
      auc,
      support,
    })),
  };
}

/** The threshold of every label with the highest F1 on texts; of equally good ones, the middle of the widest gap. */
export function bestThresholds(
  probabilities: readonly (readonly number[])[],
  truth: readonly (readonly boolean[])[],
  labels: number,
): number[] {
  return Array.from({ length: labels }, (_, label) => {
    const pairs = probabilities
      .map((each, text) => ({ p: each[label] ?? 0, has: truth[text]?.[label] ?? false }))
      .sort((a, b) => b.p - a.p);
    const support = pairs.filter(({ has }) => has).length;
    if (support === 0 || support === pairs.length) return UNDECIDED;
    let best = { f1: -1, gap: 0, threshold: UNDECIDED };
    let hits = 0;
    pairs.forEach(({ p, has }, at) => {
      if (has) hits++;
      const next = pairs[at + 1]?.p ?? 0;
      if (next === p) return;
      const [score, gap] = [f1(hits, at + 1, support), p - next];
      if (score > best.f1 || (score === best.f1 && gap > best.gap))
        best = { f1: score, gap, threshold: (p + next) / 2 };
    });
    return best.threshold;
  });
}

interface Pair {
  readonly p: number;
  readonly has: boolean;
}

function decisions(pairs: readonly Pair[], threshold: number) {
  const support = pairs.filter(({ has }) => has).length;
  const answered = pairs.filter(({ p }) => p >= threshold).length;
  const hits = pairs.filter(({ p, has }) => has && p >= threshold).length;
  const precision = answered === 0 ? 0 : hits / answered;
  const recall = support === 0 ? 0 : hits / support;
  return { threshold, precision, recall, f1: f1(hits, answered, support), support, answered, hits };
}

function f1(hits: number, answered: number, support: number): number {
  return answered + support === 0 ? 0 : (2 * hits) / (answered + support);
}

/** By the ranks of the probabilities; equal ones have their mean rank. */
function areaUnderRoc(pairs: readonly Pair[]): number | null {
  const sorted = [...pairs].sort((a, b) => a.p - b.p);
  const positive = sorted.filter(({ has }) => has).length;
  if (positive === 0 || positive === sorted.length) return null;
  let rankSum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]?.p === sorted[at]?.p) end++;
    const rank = (at + 1 + end) / 2;
    for (; at < end; at++) if (sorted[at]?.has) rankSum += rank;
  }
  return (rankSum - (positive * (positive + 1)) / 2) / (positive * (sorted.length - positive));
}

function lossOf(probabilities: readonly number[], truth: readonly boolean[]): number {
  return probabilities.reduce((sum, p, label) => {
    const right = truth[label] ? p : 1 - p;
    return sum - Math.log(Math.max(MIN_PROBABILITY, right));
  }, 0);
}
