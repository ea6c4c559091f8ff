/** Calendar days and instants as text and as numbers. Accepted forms: engine.md §7.4; output: query-language.md §11. */
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of `YYYY-MM-DD`; `undefined` for any other text and for days that do not exist. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const instant = utc(year, month, day);
  const back = new Date(instant);
  const exists = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  return exists ? Math.floor(instant / DAY_MS) : undefined;
}

/** Milliseconds since the epoch of an ISO text; no offset means UTC, a date alone is its midnight. */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const day = parseDate(match[1] ?? '');
  if (day === undefined) return undefined;
  const [hours, minutes, seconds] = [Number(match[2] ?? 0), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const offset = offsetMinutes(match[6]);
  if (offset === undefined) return undefined;
  const milliseconds = Math.trunc(Number(`0.${match[5] ?? '0'}`) * 1000 + 1e-9);
  return day * DAY_MS + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000 + milliseconds;
}

/** `YYYY-MM-DD`. */
export const formatDate = (days: number): string => isoText(days * DAY_MS).replace(/T.*$/, '');

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export const formatDateTime = (milliseconds: number): string => isoText(milliseconds);

function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  // Date.UTC would read years below 100 as 19xx.
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

function offsetMinutes(text: string | undefined): number | undefined {
  if (text === undefined || text === 'Z' || text === 'z') return 0;
  const digits = text.slice(1).replace(':', '');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isoText(milliseconds: number): string {
  const date = new Date(milliseconds);
  // Beyond what JavaScript can spell (±275,760 years) the number itself is the only honest text.
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
