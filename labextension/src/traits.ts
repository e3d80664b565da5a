/**
 * What the answer view shows of a saved answer. Pure. Enters: an output's Markdown and its manifest. Leaves: the view's traits.
 */
import type { ITraits, State } from './answer';
import type { IManifest } from './manifest';

const MOST_NOTICE = 1000;

/** The answer without its footer, and the footer's words: the last paragraph, one line in italics (`final.py`). */
export function withoutFooter(markdown: string): { text: string; footer: string } {
  const match = /(?:^|\n\n)\*((?:[^*\\\n]|\\.)+)\*\s*$/.exec(markdown);
  return match
    ? { text: markdown.slice(0, match.index), footer: (match[1] ?? '').replace(/\\(.)/g, '$1') }
    : { text: markdown, footer: '' };
}

/** What the view shows of it. */
export function traitsOf({ id, model, raw }: IManifest, markdown: string): Partial<ITraits> {
  const word = (name: string): string => {
    const value = raw[name];
    return typeof value === 'string' ? value.slice(0, MOST_NOTICE) : '';
  };
  const state: State = raw.ended === 'stopped' || raw.ended === 'error' ? raw.ended : 'done';
  const { text, footer } = withoutFooter(markdown);
  return { ask_id: id, cached: word('cached'), footer, model_name: model, notice: word('notice'), state, text };
}
