import { visible } from '../format/visible.ts';

/** A theme icon in a label, such as `$(alert)` or `$(sync~spin)`. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** A text as part of a label of VS Code, which shows it as it is: neither icons nor hidden characters take effect. */
export function plainLabel(text: string): string {
  return visible(text).replace(ICON, '\\$&');
}
