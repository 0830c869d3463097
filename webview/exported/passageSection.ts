import * as l10n from '@vscode/l10n';
import { say } from '../../src/phrases/phrase.ts';
import type { AnsweredPassage, ExportedRun, PassageMap, ReadPassage } from '../../src/protocol/exportedPage.ts';
import type { TextAnswer } from '../../src/protocol/textAnswer.ts';
import { h } from '../dom.ts';
import { countTokens } from '../panel/countTokens.ts';
import { describeMeanSurprisal, surprisalScene } from '../panel/text/surprisal.ts';
import { MAX_SURPRISAL } from '../tokens/surprisalColors.ts';
import { TokenText } from '../tokens/tokenText.ts';
import { AnswerView } from './answerView.ts';
import type { PageServices } from './pageServices.ts';
import { PassageGates } from './passageGates.ts';
import { decoded } from './passageMap.ts';
import { section } from './section.ts';

/** A passage of the validation part: its surprisal, and the maps of the gates and states that read it. */
export function passageSection({ passage }: ExportedRun, services: PageServices): HTMLElement {
  const title = l10n.t('A passage of the validation part');
  if (passage.state === 'unread')
    return section('passage', title, h('p', { class: 'about' }, l10n.t('No passage: {0}', say(passage.reason))));
  if (passage.state === 'answered') return section('passage', title, ...answered(passage));
  const { inspection, tokenKind } = passage;
  const gates = new PassageGates('passage-layer', l10n.t('validation part'), services);
  void gates.show(inspection, async ({ layer, direction }, activation) => {
    const isIt = (map: PassageMap) =>
      map.layer === layer && map.direction === direction && map.activation === activation;
    const map = passage.maps.find(isIt);
    if (!map) throw new Error(`The page has no map of "${activation}".`);
    return Promise.resolve(decoded(map));
  });
  const read = l10n.t(
    'The model after {0} steps reads {1} from the beginning of the validation part, from a state of zeros.',
    inspection.step.toLocaleString('en'),
    countTokens(inspection.tokens.length, tokenKind),
  );
  return section(
    'passage',
    title,
    h('p', { class: 'about' }, read),
    ...(inspection.predicts === 'next-token' ? surprisalOf(passage, services) : [quoted(inspection.tokens.join(' '))]),
    ...(passage.answer ? [answerOf(passage.answer)] : []),
    gates.element,
  );
}

/** A text that a model has answered to, and why there are no gates. */
function answered({ text, answer, step, reason }: AnsweredPassage): HTMLElement[] {
  const read = l10n.t(
    'The model after {0} steps answers to the first text of the validation part.',
    step.toLocaleString('en'),
  );
  return [
    h('p', { class: 'about' }, read),
    ...(answer.of === 'text' ? [quoted(text)] : []),
    answerOf(answer),
    h('p', { class: 'notes' }, say(reason)),
  ];
}

function quoted(text: string): HTMLElement {
  return h('blockquote', { class: 'passage-text', translate: 'no' }, text);
}

function answerOf(answer: TextAnswer): HTMLElement {
  const view = new AnswerView();
  view.show(answer);
  return view.element;
}

function surprisalOf({ inspection }: ReadPassage, { frames }: PageServices): HTMLElement[] {
  const text = new TokenText({ label: l10n.t('The text, colored by surprisal'), frames, onChoose: () => undefined });
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
