import * as l10n from '@vscode/l10n';
import { say } from '../../src/phrases/phrase.ts';
import type { ExportedRun, ReadPassage } from '../../src/protocol/exportedPage.ts';
import type { ActivationMap, RecurrentLayer } from '../../src/protocol/inspection.ts';
import { h } from '../dom.ts';
import { countTokens } from '../panel/countTokens.ts';
import { GateMaps } from '../panel/gates/gateMaps.ts';
import { gateScene } from '../panel/gates/gateScene.ts';
import { describeMeanSurprisal, surprisalScene } from '../panel/text/surprisal.ts';
import { describeLayer } from '../probes/describeProbe.ts';
import { MAX_SURPRISAL } from '../tokens/surprisalColors.ts';
import { TokenText } from '../tokens/tokenText.ts';
import type { PageServices } from './pageServices.ts';
import { section } from './section.ts';

/** A passage of the validation part: its surprisal, and the maps of the gates and states that read it. */
export function passageSection({ passage }: ExportedRun, services: PageServices): HTMLElement {
  const title = l10n.t('A passage of the validation part');
  if (passage.state === 'unread')
    return section('passage', title, h('p', { class: 'about' }, l10n.t('No passage: {0}', say(passage.reason))));
  const { inspection, tokenKind } = passage;
  const read = l10n.t(
    'The model after {0} steps reads {1} from the beginning of the validation part, from a state of zeros.',
    inspection.step.toLocaleString('en'),
    countTokens(inspection.tokens.length, tokenKind),
  );
  return section(
    'passage',
    title,
    h('p', { class: 'about' }, read),
    ...(inspection.predicts === 'next-token' ? surprisalOf(passage) : []),
    ...gatesOf(passage, services),
  );
}

function surprisalOf({ inspection }: ReadPassage): HTMLElement[] {
  const text = new TokenText({ label: l10n.t('The text, colored by surprisal'), onChoose: () => undefined });
  text.show(surprisalScene(inspection, null));
  return [
    h('p', { class: 'verdict' }, describeMeanSurprisal(inspection.surprisal)),
    text.element,
    h(
      'p',
      { class: 'notes' },
      l10n.t('A stronger color means a less likely token, from 0 to {0} nats or more.', MAX_SURPRISAL),
    ),
  ];
}

/** Maps of all gates and states of a layer, with a choice of the layer. */
function gatesOf(passage: ReadPassage, { frames, chartServices }: PageServices): HTMLElement[] {
  const { layers, tokens } = passage.inspection;
  const maps = new GateMaps({ frames, chartServices }, () => undefined);
  const show = (shown: RecurrentLayer) => {
    const own = passage.maps.filter(({ layer, direction }) => layer === shown.layer && direction === shown.direction);
    maps.choose(own.map(({ activation }) => activation));
    for (const map of own) {
      maps.show(
        map.activation,
        gateScene(map.activation, decoded(map), tokens, () => []),
      );
    }
  };
  const last = layers.at(-1);
  if (!last) return [];
  show(last);
  if (layers.length === 1) return [maps.element];
  const select = h(
    'select',
    { id: 'passage-layer' },
    ...layers.map((layer) => h('option', { selected: layer === last }, describeLayer(layer))),
  );
  select.addEventListener('change', () => {
    const layer = layers[select.selectedIndex];
    if (layer) show(layer);
  });
  return [h('span', { class: 'field' }, h('label', { for: select.id }, l10n.t('Layer')), select), maps.element];
}

/** A map whose rows are in the order of the units. */
function decoded({ values, ...map }: ReadPassage['maps'][number]): ActivationMap {
  return {
    ...map,
    values: Uint8Array.from(atob(values), (character) => character.charCodeAt(0)),
    order: Array.from({ length: map.units }, (_, unit) => unit),
    scores: [],
  };
}
