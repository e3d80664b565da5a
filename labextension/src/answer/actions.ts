/**
 * The buttons of code blocks. Enters: clicks anywhere in the answer's body. Leaves: a copy, or a wish to insert
 * or to have explained.
 */
import { COPY, EXPLAIN, INSERT, PLACE, RUN } from './code';
import { copy } from './dom';
import { cellSource } from './languages';

/** Code that someone wants to have in a cell. */
export interface IInsertion {
  /** Ready to be a cell's source. */
  code: string;
  language: string;
  run: boolean;
}

/**
 * @param insert told of the wish, and of the button it came from.
 * @param explain told of the block, its code and its language.
 */
export function listen(
  body: HTMLElement,
  insert: (insertion: IInsertion, button: HTMLElement) => void,
  explain: (block: Element, code: string, language: string) => void
): void {
  body.addEventListener('click', event => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
    const block = button?.closest('.askance-code');
    const code = block?.querySelector('pre > code');
    if (!button || !block || !code) {
      return;
    }
    const text = code.textContent ?? '';
    const language = /language-(\S+)/.exec(code.className)?.[1] ?? '';
    if (button.classList.contains(COPY)) {
      void copy(text, code, button);
    } else if (button.classList.contains(INSERT) || button.classList.contains(RUN)) {
      insert({ code: cellSource(text, language), language, run: button.classList.contains(RUN) }, button);
    } else if (button.classList.contains(EXPLAIN) && !block.closest(`.${PLACE}`)) {
      explain(block, text, language);
    }
  });
}
