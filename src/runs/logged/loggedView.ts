import * as l10n from '@vscode/l10n';
import type { Applicable } from '../../protocol/applicable.ts';
import { fromStableEventNames } from '../../protocol/stableNames.ts';
import { seriesName } from '../../protocol/metrics.ts';
import type { RunView } from '../../protocol/panel.ts';
import type { LoggedFacts } from '../record.ts';

/** The parts of the view of a logged run that do not follow from its configuration, most of which is not known. */
export function loggedView(
  logged: LoggedFacts,
  view: Pick<RunView, 'units'>,
): Pick<RunView, 'logged' | 'applies' | 'units' | 'writes' | 'model' | 'about' | 'probeEvery'> {
  return {
    logged: { planned: logged.planned },
    applies: appliesTo(logged),
    units: {
      ...view.units,
      loss: logged.unit ?? l10n.t('loss, in the unit of the program'),
      nats: logged.unit?.startsWith('nats') === true,
    },
    writes: false,
    about: null,
    model: l10n.t('The structure of the model is known to the program that trains it.'),
    // How often the program probes is not known; that it can is.
    probeEvery: 1,
  };
}

/** What a logged run has, by what was logged. */
function appliesTo({ metrics, gates, hasLayers }: LoggedFacts): Applicable {
  const named = fromStableEventNames(Object.fromEntries([['event', 'step'], ...metrics.map((name) => [name, name])]));
  const has = new Set([...Object.keys(named as object), 'trainLoss', 'validationLoss']);
  return {
    tabs: ['loss', ...(hasLayers ? (['gradients'] as const) : []), ...(gates ? (['gates'] as const) : []), 'compare'],
    firstTab: 'loss',
    metrics: seriesName.options.filter((name) => has.has(name)),
    fixed: [],
    training: 'steps',
  };
}
