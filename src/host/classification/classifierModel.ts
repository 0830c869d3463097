/** A classifier of texts that can be used. */
export interface ClassifierModel {
  readonly name: string;
  /** Of the run that has trained it; null for the bundled model. */
  readonly folder: string | null;
  /** Whether its gates can be shown on a text: it walks forwards and answers from its last state. */
  readonly showsGates: boolean;
  /** Changes when the run has trained on. */
  readonly version: string;
}
