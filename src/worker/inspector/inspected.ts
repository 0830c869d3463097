import type { Probe } from '../../protocol/probes.ts';
import type { TextReading } from '../../training/trainingTask.ts';

/** A run as far as questions about its model go. */
export interface Inspected {
  /** Optimizer steps of the model as it is now. */
  readonly step: number;
  /** @throws Error that says why, where the model reads no text */
  reading(): TextReading;
  /** Probes gradients and gates, on a text or on the run's own batch. @throws Error that says why it cannot */
  probe(text: string | null): Promise<Probe>;
}
