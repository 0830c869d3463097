type Growing = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** An array of twice the length that begins with the values, for one that grows. */
export function twice<Values extends Growing>(values: Values): Values {
  const longer = new (values.constructor as new (length: number) => Values)(2 * values.length);
  longer.set(values);
  return longer;
}
