/**
 * Timestamps as texts.
 *
 * @module
 */

const FORM =
  /^([+-]\d{6}|\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a timestamp.
 *
 * @param text As in ISO 8601, with its zone, to the millisecond at most: nothing of it is lost.
 * @returns The time; `undefined` if the text is none.
 */
export function timestampOf(text: string): Date | undefined {
  const [, year, month, day] = FORM.exec(text) ?? [];
  if (year === undefined) return undefined;
  // `Date` makes the second of March of the thirtieth of February. Years repeat after 400.
  const lastDay = new Date(Date.UTC(2000 + Number(year) % 400, Number(month), 0)).getUTCDate();
  const time = new Date(text);
  return Number(day) > lastDay || Number.isNaN(time.getTime()) ? undefined : time;
}
