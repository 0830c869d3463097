/** Values of typed columns as cells of text. */

/** Significant digits that a number of a type needs at most: of half, single and double precision. */
type Digits = 5 | 9 | 17;

const round: Readonly<Record<number, (value: number) => number>> = { 5: halfOf, 9: Math.fround };

/** The nearest number of half precision. */
function halfOf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
  const scaled = value / step;
  const floor = Math.floor(scaled);
  const odd = scaled - floor;
  const nearest = odd > 0.5 || (odd === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Math.abs(nearest * step) > 65_504 ? Math.sign(value) * Infinity : nearest * step;
}

/** A number with the fewest digits that its precision needs: 0.1 and not 0.10000000149011612. */
export function numberCell(value: number, digits: Digits = 17): string {
  const rounded = round[digits];
  if (!rounded || !Number.isFinite(value) || Number.isInteger(value)) return String(value);
  for (let count = digits - 4; count < digits; count++) {
    const short = Number(value.toPrecision(count));
    if (rounded(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(digits)));
}

/** A number of hundredths and the like, such as 1234 with the scale 2, which is 12.34. */
export function decimalCell(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(Math.min(-scale, 100)));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A signed integer in big-endian bytes. */
export function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, value);
}

const DAY = 86_400_000;

/** A day as `YYYY-MM-DD`; the number if there is no such date. */
export function dayCell(days: number): string {
  const date = new Date(days * DAY);
  return Number.isNaN(date.getTime()) ? String(days) : date.toISOString().replace(/T.*$/, '');
}

/** Number of units of a second, by their decimals. */
export type Decimals = 0 | 3 | 6 | 9;

/** A time since 1970 as `YYYY-MM-DD hh:mm:ss`, with decimals if it has any, and `Z` if it is in UTC. */
export function timeCell(value: bigint, decimals: Decimals, isUtc = false): string {
  const unit = 10n ** BigInt(decimals);
  const seconds = value / unit - (value % unit < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return String(value);
  const written = date.toISOString().replace('T', ' ').replace('.000Z', '');
  return `${written}${fractionOf(value - seconds * unit, decimals)}${isUtc ? 'Z' : ''}`;
}

/** A time of day as `hh:mm:ss`, with decimals if it has any. */
export function clockCell(value: bigint, decimals: Decimals): string {
  const unit = 10n ** BigInt(decimals);
  const seconds = Number(value / unit);
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${fractionOf(value % unit, decimals)}`;
}

/** A duration in seconds. */
export function secondsCell(value: bigint, decimals: Decimals): string {
  return decimalCell(value, decimals).replace(/\.?0+$/, (zeros) => (decimals === 0 ? zeros : ''));
}

function fractionOf(value: bigint, decimals: Decimals): string {
  return value === 0n ? '' : `.${String(value).padStart(decimals, '0').replace(/0+$/, '')}`;
}

/** Writes a value as a cell, or as JSON. */
export type Format = (value: unknown) => string;

/** The formats of the parts of lists, maps and structs, which are JSON. Missing values are null. */
const orNull =
  (format: Format): Format =>
  (value) =>
    value === null || value === undefined ? 'null' : format(value);

const isPlainJson = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false)$/;

/**
 * JSON of a value whose cell has a format: a number with the digits of the cell, so that nothing is rounded, or a text,
 * such as a time. Infinite numbers are null.
 */
export function jsonScalar(format: Format, { isText = false }: { readonly isText?: boolean } = {}): Format {
  return orNull((value) => {
    const cell = format(value);
    if (isText) return JSON.stringify(cell);
    if (isPlainJson.test(cell)) return cell;
    return /^(?:NaN|-?Infinity)$/.test(cell) ? 'null' : JSON.stringify(cell);
  });
}

/** JSON of a value that cannot be used: of bytes, their number; of others, null. */
export const jsonBytes: Format = (value) =>
  value instanceof Uint8Array ? JSON.stringify(`${value.length} bytes`) : 'null';

export function jsonList(element: Format): Format {
  return orNull((value) => {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw new Error('A list is none.');
    const elements = Array.from(value as ArrayLike<unknown>, element);
    return `[${elements.join(',')}]`;
  });
}

/** JSON of a struct. */
export function jsonObject(fields: readonly (readonly [name: string, format: Format])[]): Format {
  return orNull((value) => {
    const parts = value as Readonly<Record<string, unknown>>;
    const written = fields.map(
      ([name, format]) => `${JSON.stringify(name)}:${format(Object.hasOwn(parts, name) ? parts[name] : undefined)}`,
    );
    return `{${written.join(',')}}`;
  });
}
