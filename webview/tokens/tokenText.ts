import { colorMap, type Palette, type ThemeKind } from '../charts/colorMap.ts';
import type { Frames } from '../frames.ts';
import { onThemeChange, readTheme } from '../charts/theme.ts';
import { h } from '../dom.ts';
import { visibleToken } from '../../src/protocol/visibleToken.ts';

/** Contents of a colored text: its tokens, each with a value. */
export interface TokenScene {
  readonly tokens: readonly string[];
  /** Index of the token at the editor's cursor; null if there is none. */
  readonly cursor: number | null;
  /** Palette index of each token, 0 to 255; null for no colors. */
  readonly values: Uint8Array | null;
  /** 1 for each token without a value; null if every token has one. */
  readonly holes: Uint8Array | null;
  readonly palette: Palette;
  /** Describes a token for the tooltip and for screen readers. */
  readonly describe: (token: number) => string;
  /** Additional content of the tooltip; null shows no tooltip. */
  readonly details: ((token: number) => readonly Node[]) | null;
}

export interface TokenTextOptions {
  readonly label: string;
  /** Frames in which the tokens are labeled and colored. */
  readonly frames: Frames;
  /** Called when a token is clicked, or Enter is pressed on it. */
  readonly onChoose: (token: number) => void;
  /** Called when the pointer or the keyboard reads another token; null when none is read. */
  readonly onRead?: (token: number | null) => void;
}

let lastId = 0;

/** Tokens that are labeled and colored at a time: all of a long text at once would block the page. */
const PART = 100;

/** Pixels from the end of a text within which it counts as scrolled to its end. */
const END_SLACK = 4;

/**
 * A text with colored tokens. The pointer and the arrow keys read tokens; for assistive technology it is a list box.
 */
export class TokenText {
  readonly element: HTMLElement;
  readonly #options: TokenTextOptions;
  readonly #list: HTMLElement;
  readonly #tooltip = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true });
  readonly #id = `tokens-${++lastId}`;
  #spans: readonly HTMLElement[] = [];
  #scene: TokenScene | null = null;
  #at: number | null = null;
  /** Number of leading tokens that have their label and their color. */
  #labeled = 0;
  #theme: ThemeKind | null = null;

  constructor(options: TokenTextOptions) {
    this.#options = options;
    this.#list = h('div', { class: 'tokens', role: 'listbox', tabindex: '0', 'aria-label': options.label });
    this.element = h('div', { class: 'token-text' }, this.#list, this.#tooltip);
    this.#list.addEventListener('pointermove', ({ target }) => this.#read(this.#tokenOf(target)));
    this.#list.addEventListener('pointerleave', () => this.#read(null));
    this.#list.addEventListener('blur', () => this.#read(null));
    this.#list.addEventListener('click', ({ target }) => this.#choose(this.#tokenOf(target)));
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#showReading()).observe(this.#list);
    onThemeChange(() => {
      this.#theme = null;
      this.#label(0);
    });
  }

  show(scene: TokenScene): void {
    const before = this.#scene;
    const same =
      before?.tokens.length === scene.tokens.length && before.tokens.every((token, i) => token === scene.tokens[i]);
    this.#scene = scene;
    // At once: the rest of the labels follows in parts, and a cursor that keeps moving would be ahead of them.
    if (same) this.#moveCursor(before.cursor, scene.cursor);
    else {
      this.#write(scene.tokens);
      this.#at = null;
    }
    this.#label(0);
  }

  #moveCursor(from: TokenScene['cursor'], to: TokenScene['cursor']): void {
    if (from === to) return;
    for (const [place, isAt] of [
      [from, false],
      [to, true],
    ] as const)
      if (place !== null) this.#spans[place]?.classList.toggle('at-cursor', isAt);
  }

  /** Writes another text into the elements of the one before, and creates or removes those at the end. */
  #write(tokens: readonly string[]): void {
    const kept = this.#spans.slice(0, tokens.length);
    for (const span of this.#spans.slice(tokens.length)) span.remove();
    // Changes the text nodes: setting `textContent` would replace them, which takes several times as long.
    kept.forEach((span, i) => span.firstChild && (span.firstChild.nodeValue = displayText(tokens[i] ?? '')));
    const added = spansOf(tokens, kept.length, this.#id);
    this.#list.append(...added);
    this.#spans = [...kept, ...added];
  }

  /**
   * Shows a text that has grown: tokens before `from` are unchanged. The end stays visible if it was.
   */
  grow(scene: TokenScene, from: number): void {
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END_SLACK;
    this.#scene = scene;
    const added = spansOf(scene.tokens, from, this.#id);
    this.#spans = [...this.#spans.slice(0, from), ...added];
    list.append(...added);
    this.#label(from);
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  /** Labels and colors the tokens from an index on, in the next frames. */
  #label(from: number): void {
    this.#labeled = Math.min(this.#labeled, from);
    this.#options.frames.request(this.#labelPart);
    this.#showReading();
  }

  readonly #labelPart = (): void => {
    const scene = this.#scene;
    if (!scene) return;
    const to = Math.min(this.#labeled + PART, this.#spans.length);
    this.#theme ??= readTheme().kind;
    const colors = colorMap(scene.palette, this.#theme);
    for (let i = this.#labeled; i < to; i++) {
      const span = this.#spans[i];
      if (!span) continue;
      span.setAttribute('aria-label', scene.describe(i));
      span.classList.toggle('at-cursor', i === scene.cursor);
      paint(span, scene.holes?.[i] === 1 ? undefined : scene.values?.[i], colors);
    }
    this.#labeled = to;
    if (to < this.#spans.length) this.#options.frames.request(this.#labelPart);
  };

  #tokenOf(target: EventTarget | null): number | null {
    const index = target instanceof HTMLElement ? target.dataset.token : undefined;
    return index === undefined ? null : Number(index);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#scene || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') return this.#choose(this.#at);
    const last = this.#scene.tokens.length - 1;
    const from = this.#at ?? this.#scene.cursor ?? 0;
    const step = this.#at === null ? 0 : 1;
    const targets: Partial<Record<string, number | null>> = {
      ArrowLeft: from - step,
      ArrowRight: from + step,
      ArrowUp: from - 10 * step,
      ArrowDown: from + 10 * step,
      Home: 0,
      End: last,
      Escape: null,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#read(target === null ? null : Math.min(Math.max(target, 0), last));
  }

  #choose(token: number | null): void {
    if (token !== null) this.#options.onChoose(token);
  }

  #read(token: number | null): void {
    if (token === this.#at) return;
    this.#at = token;
    this.#options.onRead?.(token);
    this.#showReading();
  }

  #showReading(): void {
    const scene = this.#scene;
    const at = this.#at;
    const span = at === null ? undefined : this.#spans[at];
    for (const old of this.#list.querySelectorAll('[aria-selected]')) old.removeAttribute('aria-selected');
    this.#tooltip.hidden = !scene?.details || at === null || !span;
    if (!scene || at === null || !span) {
      this.#list.removeAttribute('aria-activedescendant');
      return;
    }
    span.setAttribute('aria-selected', 'true');
    this.#list.setAttribute('aria-activedescendant', span.id);
    if (!scene.details) return;
    this.#tooltip.replaceChildren(h('strong', {}, scene.describe(at)), ...scene.details(at));
    const { offsetLeft, offsetTop, offsetHeight } = span;
    const farthest = this.#list.offsetWidth - this.#tooltip.offsetWidth;
    this.#tooltip.style.left = `${Math.max(0, Math.min(offsetLeft, farthest))}px`;
    this.#tooltip.style.top = `${offsetTop - this.#list.scrollTop + offsetHeight + 4}px`;
  }
}

/** Colors a token. @param value index of its color; undefined for none */
function paint({ style }: HTMLElement, value: number | undefined, colors: Uint8ClampedArray): void {
  const [red = 0, green = 0, blue = 0] = value === undefined ? [] : colors.subarray(value * 4, value * 4 + 3);
  style.backgroundColor = value === undefined ? '' : `rgb(${red} ${green} ${blue})`;
  style.color = value === undefined ? '' : readableOn(red, green, blue);
}

/** Creates the elements of the tokens from an index on. */
function spansOf(tokens: readonly string[], from: number, id: string): HTMLElement[] {
  return tokens
    .slice(from)
    .map((token, i) =>
      h('span', { id: `${id}-${from + i}`, role: 'option', 'data-token': from + i }, displayText(token)),
    );
}

/**
 * Returns a token as displayed: spaces and tabs unchanged, a line break as its symbol followed by a line break, and other
 * invisible characters as symbols.
 */
function displayText(token: string): string {
  return Array.from(token, (character) => {
    if (character === ' ' || character === '\t') return character;
    return character === '\n' ? `${visibleToken(character)}\n` : visibleToken(character);
  }).join('');
}

/** Returns black or white, whichever has more contrast to the background (relative luminance of WCAG 2). */
function readableOn(red: number, green: number, blue: number): 'black' | 'white' {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Luminance with equal contrast to both: sqrt(1.05 * 0.05) - 0.05.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? 'black' : 'white';
}
