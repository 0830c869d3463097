import { phrase, type Text } from '../../phrases/phrase.ts';
import type { NumberFormat } from './dialect.ts';

/** Signs and units around the digits of a number. */
const AROUND = /^[\s$€£¥₹₽+(\-−]+|[\s%‰°A-Za-zµ€$£)²³/]+$/gu;
/** Groups of three digits, with their separator. */
const GROUPS = /^[1-9]\d{0,2}(?:([ \u00a0\u2009\u202f.,'’])\d{3})(?:\1\d{3})*$/u;
/** Groups, of two digits in India as well, and another sign before the decimals. */
const GROUPS_AND_DECIMALS = /^\d{1,3}(?:([ \u00a0\u2009\u202f.,'’])\d{2,3})+([.,])\d+$/u;
const ONE_SIGN = /^(\d*)([.,])(\d+)$/;
const SPACES = /[\u00a0\u2009\u202f]/u;

/** Separator of thousands in a dialect for the character that separates groups. */
function groupSign(sign: string): string {
  return sign === '’' ? "'" : SPACES.test(sign) ? ' ' : sign;
}

/** What the numbers of a table say about the way in which they are written. */
class NumberEvidence {
  readonly decimals = new Map<string, number>();
  readonly thousands = new Map<string, number>();
  /** Numbers with one sign before three digits, such as `1,029`, by the sign: it may be of either kind. */
  readonly open = new Map<string, number>();
  /** Whether there is a whole number above 999 without a separator. */
  ungrouped = false;

  add(cell: string): void {
    const text = cell.trim().replace(AROUND, '');
    if (/^\d+$/.test(text)) {
      if (text.length > 3) this.ungrouped = true;
      return;
    }
    const [, group, decimal] = GROUPS_AND_DECIMALS.exec(text) ?? [];
    if (group !== undefined && decimal !== undefined && group !== decimal) {
      count(this.thousands, groupSign(group));
      count(this.decimals, decimal);
      return;
    }
    const [, sign] = GROUPS.exec(text) ?? [];
    const isOne = sign !== undefined && text.split(sign).length === 2;
    if (sign !== undefined) count(isOne && '.,'.includes(sign) ? this.open : this.thousands, groupSign(sign));
    else {
      const [, , only] = ONE_SIGN.exec(text) ?? [];
      if (only !== undefined) count(this.decimals, only);
    }
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostOf(counts: ReadonlyMap<string, number>, except?: string): string | undefined {
  return [...counts].filter(([key]) => key !== except).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * Detects how a table writes its numbers, by the cells that could be numbers.
 * @param cells sample of the cells, without the header
 * @param delimiter delimiter of the table: where cells end at semicolons, a comma may be a decimal sign
 * @param choice the parts that are set
 */
export function detectNumberFormat(
  cells: Iterable<string>,
  delimiter: string,
  choice: Partial<NumberFormat> = {},
): NumberFormat & { readonly note: Text | undefined } {
  const evidence = new NumberEvidence();
  for (const cell of cells) evidence.add(cell);
  const { open, ungrouped } = evidence;
  const found = choice.decimal ?? mostOf(evidence.decimals, choice.thousands);
  const group = choice.thousands ?? mostOf(evidence.thousands, found);
  const isOpen = found === undefined && group === undefined && open.has(',') && !open.has('.');
  const openDecimal = isOpen && (ungrouped || delimiter === ';');
  const decimal = found ?? (openDecimal || group === '.' ? ',' : '.');
  const other = decimal === '.' ? ',' : '.';
  const thousands = group ?? (open.has(other) ? other : '');
  return {
    decimal: decimal === ',' ? ',' : '.',
    thousands: THOUSANDS.find((sign) => sign === thousands && sign !== decimal) ?? '',
    note: isOpen
      ? openDecimal
        ? phrase('Numbers such as 1,029 are read with a decimal comma. Set data.decimal to change it.')
        : phrase('Numbers such as 1,029 are read with a comma between thousands. Set data.thousands to change it.')
      : undefined,
  };
}

const THOUSANDS: readonly NumberFormat['thousands'][] = [',', '.', "'", ' '];
