/**
 * Code blocks. Enters: the tokens of fences. Leaves: their trees, a bar with buttons above coloured lines.
 */
import { Highlighter } from './highlight';
import { isRunnable, languageOf } from './languages';
import { element, named, type IElement } from './tree';

/** What the buttons of a block do; `actions` finds them by these classes. */
export const COPY = 'askance-code-copy';
export const INSERT = 'askance-code-insert';
export const RUN = 'askance-code-run';
export const EXPLAIN = 'askance-code-explain';

/** Where an explanation goes. Always the same tree, so that what the view puts there is left alone. */
export const PLACE = 'askance-code-explanation';
const place = element('div', [], { class: PLACE });

export class CodeBlocks {
  /**
   * @param code its text.
   * @param info what stands behind the opening fence.
   * @param start where the block begins in the answer: blocks that grow are known by it.
   * @param open more of it may come: it cannot be used yet.
   */
  tree(code: string, info: string, start: number, open: boolean): IElement {
    const language = languageOf(info);
    const key = `${start} ${language}`;
    const highlighter = this._highlighters.get(key) ?? new Highlighter(language);
    this._highlighters.set(key, highlighter);
    const lines = element('code', highlighter.lines(code), named('class', language && `language-${language}`));
    return element('div', [bar(language, open), element('pre', [lines], { tabindex: '0' }), place], { class: 'askance-code' });
  }

  private readonly _highlighters = new Map<string, Highlighter>();
}

function bar(language: string, open: boolean): IElement {
  const state: Record<string, string> = open ? { disabled: '' } : {};
  const use = isRunnable(language)
    ? [
        button('Insert below', 'put this code into a new cell below', INSERT, state),
        button('Insert and run', 'put this code into a new cell below and run that', RUN, state)
      ]
    : [];
  return element(
    'div',
    [element('span', [language], { class: 'askance-code-language' }), button('Copy', 'copy this code', COPY, state), ...use, button('Explain', 'say what this code does', EXPLAIN, state)],
    { class: 'askance-code-bar', role: 'toolbar', 'aria-label': `${language || 'code'} block` }
  );
}

function button(label: string, title: string, action: string, state: Record<string, string>): IElement {
  return element('button', [label], { type: 'button', class: `askance-answer-button ${action}`, title, 'aria-label': `${label}: ${title}`, ...state });
}
