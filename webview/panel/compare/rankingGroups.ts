import * as l10n from '@vscode/l10n';
import { basisFacet, type BasisFacet, type RankedGroup } from '../../../src/protocol/comparison.ts';

/** Names of the facets on which the losses of runs rest. */
export const facetNames: Readonly<Record<BasisFacet, () => string>> = {
  task: () => l10n.t('task'),
  data: () => l10n.t('data'),
  vocabulary: () => l10n.t('vocabulary'),
  unit: () => l10n.t('unit of the loss'),
};

/** The facets in which the groups differ. */
export function differingFacets(groups: readonly RankedGroup[]): BasisFacet[] {
  return basisFacet.options.filter((facet) => new Set(groups.map(({ basis }) => basis[facet])).size > 1);
}

/** Why the runs have no common ranking; empty if they have one. */
export function describeGroups(groups: readonly RankedGroup[]): string {
  if (groups.length < 2) return '';
  const facets = differingFacets(groups);
  if (facets.length === 0)
    return l10n.t('These runs read different versions of the same data, so each version has its own ranking.');
  return l10n.t(
    'These runs differ in: {0}. Their losses measure different things, so each group has its own ranking.',
    facets.map((facet) => facetNames[facet]()).join(', '),
  );
}
