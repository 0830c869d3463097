import * as l10n from '@vscode/l10n';
import { liveModel, type ExportedRun } from '../../../src/protocol/exportedPage.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { liveModelContract } from '../../../src/protocol/liveModel.ts';
import { connect } from '../../../src/protocol/rpc.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { button, h, setText } from '../../dom.ts';
import { LatestOnly } from '../../latestOnly.ts';
import { GenerateTab } from '../../panel/generate/generateTab.ts';
import { describeMeanSurprisal, predictionRows, surprisalScene } from '../../panel/text/surprisal.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import type { PageServices } from '../pageServices.ts';
import { PassageGates } from '../passageGates.ts';
import { section } from '../section.ts';
import { LiveGeneration } from './liveGeneration.ts';
import { liveModelPort } from './liveModelPort.ts';

/** Number of the most likely next tokens that are shown. */
const TOP = 10;

/** A token that every vocabulary has: the prediction of the next token is that of the place where it is read. */
const PROBE = '\n';

/** Name of the reader at the model. */
const READER = 'page';

const MAX_TEXT = 500;

/** The model of the page: it reads a text that the reader of the page types, and writes texts. */
export function liveSection(json: string, { view, passage }: ExportedRun, services: PageServices): HTMLElement {
  const model = connect({
    port: liveModelPort(),
    serves: {},
    functions: {},
    calls: liveModelContract,
    onError: (error) => fail(error),
  }).remote;
  const status = h('p', { class: 'about', role: 'status' }, l10n.t('Opening the model.'));
  const fail = (error: unknown) => setText(status, error instanceof Error ? error.message : String(error));
  const typed = h('textarea', { id: 'live-text', rows: 4, maxlength: MAX_TEXT, spellcheck: 'false' });
  typed.value = passage.state === 'read' ? passage.inspection.tokens.slice(0, 80).join('') : view.sampling.prompt;
  const mean = h('p', { class: 'verdict', role: 'status' });
  const colored = new TokenText({ label: l10n.t('The text, colored by surprisal'), onChoose: () => undefined });
  const next = h('div', { class: 'next-tokens' });
  const gates = new PassageGates('live-layer', l10n.t('typed text'), services);
  const reads = new LatestOnly<string>(
    async (text) => {
      try {
        const inspection = await model.inspect({ reader: READER, text: `${text}${PROBE}`, from: 0, top: TOP });
        if (typed.value !== text) return;
        const own = withoutLast(inspection);
        colored.show(surprisalScene(own, null));
        setText(mean, text === '' ? '' : describeMeanSurprisal(own.surprisal));
        next.replaceChildren(...predictionRows(inspection.top.at(-1) ?? []));
        await gates.show(own, async (layer, activation) => {
          const { layer: name, direction } = layer;
          const map = await model.activationMap({
            inspection: inspection.id,
            layer: name,
            direction,
            activation,
            sort: 'index',
          });
          return firstColumns(map, own.tokens.length);
        });
        setText(status, describeUnknown(own));
      } catch (error) {
        fail(error);
      }
    },
    (a, b) => a === b,
  );
  const read = () => reads.request(typed.value);
  const add = button(l10n.t('Add the most likely'), {}, () => {
    const token = next.querySelector('code')?.dataset['token'] ?? '';
    typed.value += token;
    read();
  });
  typed.addEventListener('input', read);
  const writer = new GenerateTab({
    store: services.store,
    callHost: async (request) => request().catch(fail),
    host: {
      describeWriter: async () => model.describeWriter(),
      generate: async (request) => generation.begin(request),
      stopGenerating: async () => generation.stop(),
    },
  });
  const generation = new LiveGeneration(model, (change) => writer.generation(change));
  const content = h(
    'div',
    { class: 'live', hidden: true },
    h('label', { for: typed.id }, l10n.t('Text for the model to read')),
    typed,
    mean,
    colored.element,
    h('h3', {}, l10n.t('Next')),
    next,
    h('div', { class: 'tools' }, add),
    gates.element,
    h('h3', {}, l10n.t('Generate')),
    writer.element,
  );
  void model
    .openModel(liveModel.parse(JSON.parse(json)))
    .then(() => {
      content.hidden = false;
      setText(status, '');
      writer.show(view);
      writer.appear();
      read();
    })
    .catch(fail);
  return section('live', l10n.t('Try the model'), status, content);
}

/** A reading without its last token. */
function withoutLast(inspection: Inspection): Inspection {
  const count = inspection.tokens.length - 1;
  const { tokens, offsets, unknown, surprisal, top } = inspection;
  return {
    ...inspection,
    tokens: tokens.slice(0, count),
    offsets: offsets.slice(0, count),
    unknown: unknown.filter((index) => index < count),
    surprisal: surprisal.slice(0, count),
    top: top.slice(0, count),
  };
}

/** The first columns of a map. */
function firstColumns<Map extends { readonly timeSteps: number; readonly values: Uint8Array; readonly units: number }>(
  map: Map,
  timeSteps: number,
): Map {
  const values = new Uint8Array(map.units * timeSteps);
  for (let row = 0; row < map.units; row++) {
    const start = row * map.timeSteps;
    values.set(map.values.subarray(start, start + timeSteps), row * timeSteps);
  }
  return { ...map, timeSteps, values };
}

function describeUnknown({ unknown, tokens }: Inspection): string {
  if (unknown.length === 0) return '';
  const names = [...new Set(unknown.map((index) => `"${visibleToken(tokens[index] ?? '')}"`))];
  return l10n.t('Not in the vocabulary: {0}', names.join(', '));
}
