/** Modifier keys, with the properties of an event that say whether they are pressed. */
const MODIFIERS = { Ctrl: ['ctrlKey', 'metaKey'], Alt: ['altKey'], Shift: ['shiftKey'] } as const;

/** Name of a pressed key with its modifiers, such as "Alt+Shift+ArrowLeft" or "Ctrl+a". */
export function pressedKey(event: KeyboardEvent): string {
  const modifiers = Object.entries(MODIFIERS).flatMap(([name, keys]) => (keys.some((key) => event[key]) ? [name] : []));
  return [...modifiers, event.key.length === 1 ? event.key.toLowerCase() : event.key].join('+');
}
