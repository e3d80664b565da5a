/**
 * What the answer view shows of a saved answer. Pure. Enters: an output's Markdown and its manifest. Leaves: the view's traits.
 */
import type { ITraits, State } from './answer';
import { withoutCalls } from './calls';
import type { IManifest } from './manifest';

const MOST_NOTICE = 1000;

/** A paragraph of one line in italics at the end, as `final.py` writes what is not the model's. */
const SMALL = /(?:^|\n\n)\*((?:[^*\\\n]|\\.)+)\*\s*$/;

/** Signs in it that are not written with a backslash. */
const ENTITIES: Readonly<Record<string, string>> = { '&#92;': '\\', '&#96;': '`', '&lt;': '<' };

/** How the line begins that front ends without this extension show below an answer that no longer holds. */
const STALE = /^stale: /;

/** The answer without its footer, and the footer's words. */
export function withoutFooter(markdown: string): { text: string; footer: string } {
  const match = SMALL.exec(markdown);
  if (!match) {
    return { text: markdown, footer: '' };
  }
  const text = markdown.slice(0, match.index);
  const footer = (match[1] ?? '').replace(/\\(.)|&(?:#92|#96|lt);/g, (found, sign?: string) => sign ?? ENTITIES[found] ?? found);
  return STALE.test(footer) ? withoutFooter(text) : { text, footer };
}

/** What the view shows of it. */
export function traitsOf({ id, model, raw }: IManifest, markdown: string): Partial<ITraits> {
  const word = (name: string): string => {
    const value = raw[name];
    return typeof value === 'string' ? value.slice(0, MOST_NOTICE) : '';
  };
  const state: State = raw.ended === 'stopped' || raw.ended === 'error' ? raw.ended : 'done';
  const { text: whole, footer } = withoutFooter(markdown);
  const { tools, text } = withoutCalls(whole, raw);
  return { ask_id: id, cached: word('cached'), footer, model_name: model, notice: word('notice'), state, text, tools };
}
