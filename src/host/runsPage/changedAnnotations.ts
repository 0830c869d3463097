import { type AnnotatedRun, annotatedRun, NO_ANNOTATIONS } from '../../protocol/annotations.ts';
import type { AnnotationChange } from '../../protocol/runsPage.ts';

/** Fields to store after a change that the user has made on the page. @throws ZodError for a value that is not allowed */
export function changedAnnotations(
  { tags }: Pick<AnnotatedRun, 'tags'> = NO_ANNOTATIONS,
  { addTags = [], removeTags = [], ...change }: AnnotationChange,
): Partial<AnnotatedRun> {
  const kept = tags.filter((tag) => !removeTags.includes(tag));
  const changed = [...new Set([...kept, ...addTags])];
  return {
    ...annotatedRun.partial().parse(change),
    ...((addTags.length > 0 || removeTags.length > 0) && { tags: changed }),
  };
}
