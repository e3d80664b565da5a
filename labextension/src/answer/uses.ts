/**
 * What the model called for, as people see it. Pure. Enters: what the kernel says of a call. Leaves: checked values, words.
 */

export type UseState = 'asking' | 'waiting' | 'running' | 'done' | 'failed' | 'refused' | 'stopped';

/** One call at one moment, as `ToolUse` in the kernel. */
export interface IUse {
  id: string;
  name: string;
  /** In one line: JSON, or whatever the model wrote in its place. */
  arguments: string;
  state: UseState;
  seconds: number;
  /** The result, or what went wrong. */
  text: string;
  cached: boolean;
}

export const USE_WORDS: Readonly<Record<UseState, string>> = {
  asking: 'asks you',
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  refused: 'refused',
  stopped: 'stopped'
};

/** More characters of arguments than this have no room in any line. */
const MOST_SPELLED = 1000;

/** More calls than this are not shown. */
const MOST = 500;

/** A call, null if the value is none. */
export function useOf(value: unknown): IUse | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const { id, name, arguments: given, state, seconds, text, cached } = value as Record<string, unknown>;
  const known = isText(id) && isText(name) && isText(given) && isText(text) && isState(state) && typeof seconds === 'number';
  return known ? { id, name, arguments: given, state, seconds, text, cached: cached === true } : null;
}

/** The calls of a list; whatever else is in it is left out. */
export function usesOf(value: unknown): readonly IUse[] {
  return Array.isArray(value) ? value.slice(0, MOST).map(useOf).filter(use => use !== null) : [];
}

/** The calls with what is news of one of them; a new one comes last. */
export function withUse(uses: readonly IUse[], news: IUse): readonly IUse[] {
  const known = uses.some(({ id }) => id === news.id);
  return known ? uses.map(use => (use.id === news.id ? news : use)) : [...uses, news].slice(0, MOST);
}

/** Arguments in one line, as Python would have them: `path="utils.py"`; what is no JSON object as it came. */
export function spelled(given: string): string {
  try {
    const value: unknown = JSON.parse(given || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      given = Object.entries(value).map(([name, one]) => `${name}=${JSON.stringify(one)}`).join(', ');
    }
  } catch {
    // As it came.
  }
  return given.slice(0, MOST_SPELLED);
}

/** Whether it has not ended. */
export function isOpen({ state }: IUse): boolean {
  return state === 'asking' || state === 'waiting' || state === 'running';
}

/** "12 ms", "1.2 s"; "" before a call has run. */
export function duration({ seconds, state }: Pick<IUse, 'seconds' | 'state'>): string {
  if (state === 'asking' || state === 'waiting' || state === 'refused' || !(seconds >= 0)) {
    return '';
  }
  return seconds < 0.9995 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
}

/** What a whole answer is doing because of its calls, "" if none of them is open. */
export function doing(uses: readonly IUse[]): string {
  const asking = uses.find(({ state }) => state === 'asking');
  const open = uses.filter(isOpen);
  return asking ? `waiting for you: ${asking.name}` : open.length > 0 ? `calling ${open.map(({ name }) => name).join(', ')}` : '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isState(value: unknown): value is UseState {
  return isText(value) && Object.hasOwn(USE_WORDS, value);
}
