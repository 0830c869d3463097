import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { LEVELS } from './levels.ts';

/** Opacity of the strongest color, low enough for readable text in every theme. */
const STRONGEST = 0.6;

type Color = readonly [red: number, green: number, blue: number];
const BLUE = { light: [0, 98, 220], dark: [58, 140, 255] } as const;
const RED = { light: [214, 30, 20], dark: [255, 76, 60] } as const;

/** Decoration types of all levels except 0, created on first use. */
export class LevelStyles extends Disposables {
  readonly #types = new Map<number, vscode.TextEditorDecorationType>();

  /** Applies the styles to ranges by level; levels without ranges are cleared. */
  apply(editor: vscode.TextEditor, ranges: ReadonlyMap<number, vscode.Range[]>): void {
    for (const level of ranges.keys()) this.#typeOf(level);
    for (const [level, type] of this.#types) editor.setDecorations(type, ranges.get(level) ?? []);
  }

  #typeOf(level: number): vscode.TextEditorDecorationType {
    const known = this.#types.get(level);
    if (known) return known;
    const { light, dark } = level < 0 ? BLUE : RED;
    const opacity = (Math.abs(level) / LEVELS) * STRONGEST;
    const type = this.register(
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        light: { backgroundColor: rgba(light, opacity) },
        dark: { backgroundColor: rgba(dark, opacity) },
      }),
    );
    this.#types.set(level, type);
    return type;
  }
}

function rgba([red, green, blue]: Color, opacity: number): string {
  return `rgba(${red}, ${green}, ${blue}, ${opacity.toFixed(3)})`;
}
