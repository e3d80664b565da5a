/**
 * The buttons of code blocks. Enters: clicks anywhere in the answer's body. Leaves: a copy, or a wish to insert.
 */
import { COPY, INSERT, RUN } from './code';
import { copy } from './dom';
import { cellSource } from './languages';

/** Code that someone wants to have in a cell. */
export interface IInsertion {
  /** Ready to be a cell's source. */
  code: string;
  language: string;
  run: boolean;
}

/** @param insert told of the wish, and of the button it came from. */
export function listen(body: HTMLElement, insert: (insertion: IInsertion, button: HTMLElement) => void): void {
  body.addEventListener('click', event => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
    const code = button?.closest('.askance-code')?.querySelector('pre > code');
    if (!button || !code) {
      return;
    }
    const text = code.textContent ?? '';
    const language = /language-(\S+)/.exec(code.className)?.[1] ?? '';
    if (button.classList.contains(COPY)) {
      void copy(text, code, button);
    } else if (button.classList.contains(INSERT) || button.classList.contains(RUN)) {
      insert({ code: cellSource(text, language), language, run: button.classList.contains(RUN) }, button);
    }
  });
}
