import {
  type ReportContent,
  type ReportCurves,
  type ReportPart,
  type ReportRun,
} from '../../src/protocol/reportPage.ts';
import { h } from '../dom.ts';
import { markdown, type MarkdownOptions } from '../markdown/markdown.ts';
import { texFormula } from '../markdown/texFormula.ts';
import { type PlotServices, PlotView } from './plotView.ts';
import { problemView } from './problemView.ts';

export interface ReportServices extends PlotServices {
  readonly fileLink: NonNullable<MarkdownOptions['fileLink']>;
  /** Shows a line of the document in the editor; omitted without an editor. */
  readonly openLine?: (line: number) => void;
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

/** A report: its text, its plots, and what is wrong in its blocks. */
export class ReportDocument {
  readonly element = h('article', { class: 'report' });
  readonly #services: ReportServices;
  /** Plots by what their block says and which of the equal blocks it is: they stay while the text around them changes. */
  #plots = new Map<string, PlotView>();
  #made = 0;
  readonly #curves = new Map<string, ReportCurves>();
  #content: ReportContent = { title: '', parts: [], runs: [] };
  #parts = '';

  constructor(services: ReportServices) {
    this.#services = services;
  }

  show(content: ReportContent): void {
    this.#content = content;
    const parts = JSON.stringify(content.parts);
    if (parts !== this.#parts) this.#arrange();
    this.#parts = parts;
    this.#draw();
  }

  curves(...runs: readonly ReportCurves[]): void {
    for (const run of runs) this.#curves.set(run.id, run);
    this.#draw();
  }

  /** The element of the part of the document that contains a line, from 1; undefined before the first one. */
  at(line: number): HTMLElement | undefined {
    const parts = [...this.element.querySelectorAll<HTMLElement>('[data-line]')];
    return parts.findLast(({ dataset }) => Number(dataset['line']) <= line);
  }

  #arrange(): void {
    const { parts } = this.#content;
    const ids = new Set<string>();
    const plots = new Map<string, PlotView>();
    let heading: 'h2' | 'h3' = 'h2';
    const elements = parts.map((part) => {
      if (part.kind === 'text') {
        const text = this.#text(part, ids);
        const last = [...text.querySelectorAll('h1, h2, h3, h4, h5, h6')].at(-1);
        // A title of a plot is one level below the heading before it, at most.
        if (last) heading = last.localName === 'h1' ? 'h2' : 'h3';
        return text;
      }
      if (part.kind === 'problems') return problemView(part, this.#services.openLine);
      const key = freeKey(JSON.stringify(part.block), plots);
      const plot = this.#plots.get(key) ?? new PlotView(`report-${this.#made++}`, part, heading, this.#services);
      plots.set(key, plot);
      return plot.element;
    });
    this.#plots = plots;
    this.element.replaceChildren(...elements);
  }

  #text({ markdown: text, line }: Extract<ReportPart, { readonly kind: 'text' }>, ids: Set<string>): HTMLElement {
    const options: MarkdownOptions = {
      heading: (marks) => HEADINGS[marks - 1] ?? 'h6',
      ids,
      math: texFormula,
      fileLink: this.#services.fileLink,
    };
    return h('div', { class: 'report-text', 'data-line': line, translate: 'no' }, ...markdown(text, options));
  }

  #draw(): void {
    const runs = new Map(this.#content.runs.map((run): [string, ReportRun] => [run.id, run]));
    const used = new Map<string, true>();
    const ordinals = new Map<string, number>();
    for (const part of this.#content.parts) {
      if (part.kind !== 'plot') continue;
      const key = freeKey(JSON.stringify(part.block), used);
      used.set(key, true);
      const ordinal = (ordinals.get(part.block.plot) ?? 0) + 1;
      ordinals.set(part.block.plot, ordinal);
      this.#plots.get(key)?.show(part, ordinal, runs, this.#curves);
    }
  }
}

/** A key that equal blocks before this one do not have. */
function freeKey(block: string, taken: ReadonlyMap<string, unknown>): string {
  let key = block;
  for (let i = 1; taken.has(key); i++) key = `${block} ${i}`;
  return key;
}
