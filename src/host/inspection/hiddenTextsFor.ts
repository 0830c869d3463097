/** Where a text is that no editor shows: in a tab behind another one, or with the run. */
export type Elsewhere = 'tab' | 'run';

export interface HiddenTextCandidates {
  /** URIs of the texts in tabs. */
  readonly tabs: readonly string[];
  /** The text of the editor that was used last. */
  readonly last: string | undefined;
  /** The text that the run was trained on. */
  readonly own: string | undefined;
}

/**
 * URIs of the texts that a run may read while no editor shows one, the most relevant first: the text that was edited
 * last, if it still has a tab, then the text that the run was trained on, then any other text in a tab.
 */
export function hiddenTextsFor({
  tabs,
  last,
  own,
}: HiddenTextCandidates): { readonly uri: string; readonly elsewhere: Elsewhere }[] {
  const ordered = [
    ...(last !== undefined && tabs.includes(last) ? [last] : []),
    ...(own === undefined ? [] : [own]),
    ...tabs,
  ];
  return [...new Set(ordered)].map((uri) => ({ uri, elsewhere: tabs.includes(uri) ? 'tab' : 'run' }));
}
