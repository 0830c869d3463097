import { type AnnotatedRun, NO_ANNOTATIONS } from '../../protocol/annotations.ts';
import type { AnnotationChange } from '../../protocol/runsPage.ts';

/** Fields to store after a change that the user has made on the page. */
export function changedAnnotations(
  { tags }: Pick<AnnotatedRun, 'tags'> = NO_ANNOTATIONS,
  { addTags = [], removeTags = [], ...change }: AnnotationChange,
): Partial<AnnotatedRun> {
  if (addTags.length === 0 && removeTags.length === 0) return change;
  const kept = tags.filter((tag) => !removeTags.includes(tag));
  return { ...change, tags: [...new Set([...kept, ...addTags])] };
}
