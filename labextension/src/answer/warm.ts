/**
 * Lets the page's engine meet the parser while nothing else is to be done, so that the first words are not late for it.
 */
import { Converter } from './convert';

const SAMPLES = ['Some *words*, `code`, [a link](https://localhost/).\n\n- a\n- b\n\n| a |\n|---|\n| b |', '```python\ndef f(x):\n    return "a"  # b\n```', 'So $\\frac{a}{b}$.'];

let done = false;

/** Once per page, in tasks of a few milliseconds. */
export function warmUp(): void {
  if (!done) {
    done = true;
    SAMPLES.forEach(sample => window.setTimeout(() => void new Converter().parse(sample, 0, true), 0));
  }
}
