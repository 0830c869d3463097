/** A number in subscript digits, such as "₁₂". */
export function subscript(value: number): string {
  return Array.from(String(value), (digit) => String.fromCodePoint(0x2080 + Number(digit))).join('');
}
