/**
 * States in words.
 */
import type { State } from './model';

export const STATE_WORDS: Readonly<Record<State, string>> = {
  waiting: 'waiting for the model',
  streaming: 'answering',
  done: '',
  stopped: 'stopped',
  error: 'failed'
};

/** How it ended, as a screen reader is told. */
export function ending(state: State, notice: string): string {
  const word = STATE_WORDS[state] || 'done';
  return notice && notice !== word ? `${word}: ${notice}` : word;
}
