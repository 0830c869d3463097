import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import { h, svg } from '../../dom.ts';

/** Sizes of the drawing in pixels. */
const COLUMN = 118;
const ROW = 90;
const RADIUS = 35;
const LEFT = 76;
const TOP = 34;

export interface TrellisContent {
  /** Names of the states, from top to bottom. */
  readonly states: readonly string[];
  /** Names of the observations, from left to right. */
  readonly observations: readonly string[];
  /** Values of the nodes `[observations, states]`. */
  readonly values: readonly number[];
  /** Probability of each state after each state `[states, states]`, drawn as the width of the edges. */
  readonly transition: readonly number[];
  /** State at each step of the marked path. */
  readonly path: readonly number[];
}

/** Drawing of a trellis: a column of nodes for each observation, edges for the transitions, and a marked path. */
export class Trellis {
  readonly element: HTMLElement;
  readonly #scroll = h('div', { class: 'trellis-scroll', role: 'group', 'aria-label': l10n.t('Trellis') });
  readonly #choose: (t: number, state: number) => void;
  #nodes: readonly SVGElement[] = [];
  #content: TrellisContent | undefined;
  #current = 0;

  /** @param choose called with the node under the pointer or the keyboard focus */
  constructor(choose: (t: number, state: number) => void) {
    this.#choose = choose;
    this.element = h('div', { class: 'trellis' }, this.#scroll);
  }

  show(content: TrellisContent): void {
    this.#content = content;
    const { states, observations } = content;
    const hadFocus = this.#scroll.contains(document.activeElement);
    this.#current = Math.min(this.#current, states.length * observations.length - 1);
    const width = LEFT + COLUMN * observations.length;
    const height = TOP + ROW * states.length;
    this.#nodes = observations.flatMap((_, t) => states.map((__, state) => this.#node(content, t, state)));
    this.#scroll.replaceChildren(
      svg(
        'svg',
        { width, height, viewBox: `0 0 ${width} ${height}` },
        ...states.map((name, state) => label(name, { x: 4, y: yOf(state), class: 'state' }, shortened(name))),
        ...observations.map((name, t) => label(name, { x: xOf(t), y: 16, 'text-anchor': 'middle' }, shortened(name))),
        ...observations.slice(1).flatMap((_, t) => edges(content, t)),
        ...this.#nodes,
      ),
    );
    if (hadFocus) this.#focus(this.#current);
    this.#choose(this.#step, this.#state);
  }

  get #step(): number {
    return Math.floor(this.#current / (this.#content?.states.length ?? 1));
  }

  get #state(): number {
    return this.#current % (this.#content?.states.length ?? 1);
  }

  #node({ states, observations, values, path }: TrellisContent, t: number, state: number): SVGElement {
    const at = t * states.length + state;
    const value = values[at] ?? 0;
    const x = xOf(t);
    const y = yOf(state);
    const text = svg('text', { x, y, 'text-anchor': 'middle', 'dominant-baseline': 'central' });
    text.textContent = formatNumber(value);
    const node = svg(
      'g',
      {
        class: path[t] === state ? 'node on-path' : 'node',
        role: 'button',
        tabindex: at === this.#current ? 0 : -1,
        'aria-label': l10n.t(
          'Day {0}, {1}, {2}: {3}',
          t + 1,
          observations[t] ?? '',
          states[state] ?? '',
          formatNumber(value),
        ),
      },
      svg('circle', { cx: x, cy: y, r: RADIUS }),
      text,
    );
    node.addEventListener('pointerenter', () => this.#move(at));
    node.addEventListener('click', () => this.#focus(at));
    node.addEventListener('focus', () => this.#move(at));
    node.addEventListener('keydown', (event) => this.#key(event));
    return node;
  }

  #key(event: KeyboardEvent): void {
    const height = this.#content?.states.length ?? 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: -height,
      ArrowRight: height,
      ArrowUp: this.#state > 0 ? -1 : 0,
      ArrowDown: this.#state < height - 1 ? 1 : 0,
    };
    const by = moves[event.key];
    if (by === undefined || !this.#nodes[this.#current + by]) return;
    event.preventDefault();
    this.#focus(this.#current + by);
  }

  #focus(at: number): void {
    this.#move(at);
    this.#nodes[at]?.focus();
  }

  #move(at: number): void {
    this.#nodes[this.#current]?.setAttribute('tabindex', '-1');
    this.#nodes[this.#current]?.classList.remove('current');
    this.#current = at;
    this.#nodes[at]?.setAttribute('tabindex', '0');
    this.#nodes[at]?.classList.add('current');
    this.#choose(this.#step, this.#state);
  }
}

const xOf = (t: number) => LEFT + COLUMN * (t + 0.5);
const yOf = (state: number) => TOP + ROW * (state + 0.5);

function shortened(name: string): string {
  return name.length > 10 ? `${name.slice(0, 9)}…` : name;
}

function label(name: string, attributes: Readonly<Record<string, string | number>>, shown: string): SVGElement {
  const text = svg('text', { ...attributes, 'dominant-baseline': 'central' });
  text.textContent = shown;
  const title = svg('title', {});
  title.textContent = name;
  text.append(title);
  return text;
}

/** Edges from the states of step t to those of the next step; the edge of the path is drawn last, on top. */
function edges({ states, transition, path }: TrellisContent, t: number): SVGElement[] {
  const all = states.flatMap((_, from) =>
    states.map((__, to) => ({ from, to, isOnPath: path[t] === from && path[t + 1] === to })),
  );
  return all
    .sort((a, b) => Number(a.isOnPath) - Number(b.isOnPath))
    .map(({ from, to, isOnPath }) => {
      const angle = Math.atan2(yOf(to) - yOf(from), COLUMN);
      const probability = transition[from * states.length + to] ?? 0;
      return svg('line', {
        class: isOnPath ? 'edge on-path' : 'edge',
        x1: xOf(t) + RADIUS * Math.cos(angle),
        y1: yOf(from) + RADIUS * Math.sin(angle),
        x2: xOf(t + 1) - RADIUS * Math.cos(angle),
        y2: yOf(to) - RADIUS * Math.sin(angle),
        'stroke-width': (isOnPath ? 2 : 0.5) + 4 * probability,
      });
    });
}
