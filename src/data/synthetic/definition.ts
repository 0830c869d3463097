/** What is said on screen of a task whose data is generated. */
export interface TaskDefinition {
  readonly title: string;
  /** What is to be learnt. */
  readonly definition: string;
  /** Who has set it. */
  readonly source: string;
  /** When it counts as solved: so large a share of the validation's sequences, or texts, is right in every place. */
  readonly criterion: { readonly measure: 'sequenceAccuracy' | 'exactMatch'; readonly atLeast: number };
}
