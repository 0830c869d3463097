import * as l10n from '@vscode/l10n';
import { button, h, setText } from '../dom.ts';
import { Popover } from '../popover.ts';
import type { AnimationOptions } from './animation.ts';
import { PICTURE_THEMES, type PictureTheme, pictureThemeNames } from './pictureThemes.ts';

/** Size in pixels and colors of a picture. */
export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly theme: PictureTheme;
}

/** What the menu does with the chosen options. */
export interface PictureActions {
  save(format: 'png' | 'svg', options: PictureOptions): void;
  /** Copies a PNG. Rejects if the clipboard takes no pictures. */
  copy(options: PictureOptions): Promise<void>;
  /**
   * Saves an animation through training; omitted for a picture without one. Rejects with the reason if there is none yet.
   * @param progress called after each picture with the number of them
   */
  animate?(options: AnimationOptions, progress: (done: number, of: number) => void): Promise<void>;
}

/** Bounds of the sides of a picture, in pixels. */
const SIDE = { min: 200, max: 8000 };

/** Bounds of the length of an animation, in seconds. */
const SECONDS = { min: 1, max: 60 };

/** A button that opens a box with the size and the colors of a picture, to save or to copy it. */
export class PictureMenu {
  readonly trigger: HTMLButtonElement;
  /** The box; it follows the button in the page. */
  readonly element: HTMLElement;
  readonly #width = number(SIDE, 1200);
  readonly #height = number(SIDE, 675);
  readonly #seconds = number(SECONDS, 6);
  readonly #theme = h(
    'select',
    {},
    ...PICTURE_THEMES.map((theme) => h('option', { value: theme }, pictureThemeNames[theme]())),
  );
  readonly #status = h('p', { role: 'status' });

  /** @param title title of the chart or map */
  constructor(title: string, actions: PictureActions) {
    this.trigger = h(
      'button',
      {
        type: 'button',
        class: 'tool',
        'data-tool': 'picture',
        title: l10n.t('Save or copy in another size or theme'),
        'aria-label': l10n.t('{0}: size and theme of the picture', title),
      },
      '\u2026',
    );
    const popover = new Popover(this.trigger, 'picture-menu', () => setText(this.#status, ''));
    this.element = popover.element;
    const save = (format: 'png' | 'svg') => () => {
      const options = this.#options();
      if (!options) return;
      actions.save(format, options);
      popover.close();
    };
    const { animate } = actions;
    this.element.append(
      h('label', {}, l10n.t('Width in pixels'), this.#width),
      h('label', {}, l10n.t('Height in pixels'), this.#height),
      h('label', {}, l10n.t('Theme'), this.#theme),
      h(
        'div',
        { class: 'buttons' },
        button(l10n.t('Save PNG'), { 'data-picture': 'png' }, save('png')),
        button(l10n.t('Save SVG'), { 'data-picture': 'svg' }, save('svg')),
        button(l10n.t('Copy'), { 'data-picture': 'copy' }, () => void this.#copy(actions)),
      ),
      ...(animate ? this.#animationFields(animate.bind(actions)) : []),
      this.#status,
    );
  }

  #animationFields(animate: NonNullable<PictureActions['animate']>): HTMLElement[] {
    const save = button(l10n.t('Save animation'), { 'data-picture': 'animation' }, () => {
      void this.#animate(animate, save);
    });
    const about = l10n.t('An animated PNG through training');
    return [
      h('label', { class: 'animation' }, l10n.t('Seconds'), this.#seconds),
      h('div', { class: 'buttons', title: about }, save),
    ];
  }

  async #animate(animate: NonNullable<PictureActions['animate']>, save: HTMLButtonElement): Promise<void> {
    const options = this.#options();
    if (!options || !this.#seconds.reportValidity()) return;
    save.disabled = true;
    try {
      await animate({ ...options, seconds: this.#seconds.valueAsNumber }, (done, of) =>
        setText(this.#status, l10n.t('Picture {0} of {1}', done, of)),
      );
      setText(this.#status, '');
    } catch (error) {
      setText(this.#status, error instanceof Error ? error.message : String(error));
    } finally {
      save.disabled = false;
    }
  }

  async #copy(actions: PictureActions): Promise<void> {
    const options = this.#options();
    if (!options) return;
    try {
      await actions.copy(options);
      setText(this.#status, l10n.t('The picture is in the clipboard.'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setText(this.#status, l10n.t('The picture cannot be copied; save it instead. {0}', reason));
    }
  }

  /** The chosen options; undefined for a size out of bounds, which the browser then shows. */
  #options(): PictureOptions | undefined {
    if (![this.#width, this.#height].every((input) => input.reportValidity())) return undefined;
    const theme = PICTURE_THEMES.find((each) => each === this.#theme.value) ?? 'shown';
    return { width: this.#width.valueAsNumber, height: this.#height.valueAsNumber, theme };
  }
}

function number(bounds: { readonly min: number; readonly max: number }, value: number): HTMLInputElement {
  return h('input', { type: 'number', required: true, step: 1, ...bounds, value });
}
