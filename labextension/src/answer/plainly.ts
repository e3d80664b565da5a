/**
 * What a call would do, for whoever is to allow it. Pure. Enters: its arguments. Leaves: all of them as text that can be read,
 * with nothing in it that is not seen.
 */

/** A part of what is to be allowed: the name of an argument, and its value. */
export interface IPart {
  name: string;
  value: string;
}

// Turns the order of signs around, joins or hides them, or is no sign at all: Python runs what stands there, not what is seen.
const UNSEEN =
  /[\0-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

/** The parts of a call's arguments; one without a name where they are no JSON object that reads the same here as in Python. */
export function partsOf(given: string): IPart[] {
  const parts = Object.entries(objectIn(given) ?? {}).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    same: typeof value === 'string' || given.includes(JSON.stringify(value))
  }));
  if (parts.length === 0 || !parts.every(({ same }) => same)) {
    return given.trim() ? [{ name: '', value: plainly(given) }] : [];
  }
  return parts.map(({ name, value }) => ({ name: plainly(name), value: plainly(value) }));
}

/** The text with a name in place of every sign that is not seen: "⟨U+202E⟩". */
export function plainly(text: string): string {
  return text.replace(UNSEEN, sign => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

function objectIn(given: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(given);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
