/**
 * The Markdown parser, as we set it: HTML is text, formulas and tables are understood, no link is guessed from a file name.
 */
import createParser, { type Env, type MarkdownIt, type Token } from 'markdown-it';

import { footnotes } from './footnotes';
import { math } from './mathrules';

let parser: MarkdownIt | null = null;

/** The tokens of a text, and whether it defines links, which may stand anywhere in it. */
export function tokenize(markdown: string): { tokens: Token[]; defines: boolean } {
  const env: Env = {};
  const tokens = theParser().parse(markdown, env);
  return { tokens, defines: Object.keys(env.references ?? {}).length > 0 };
}

function theParser(): MarkdownIt {
  if (!parser) {
    parser = createParser({ html: false, linkify: true });
    // Every link is read as one; `links` decides which may be followed.
    parser.validateLink = () => true;
    parser.linkify.set({ fuzzyEmail: false, fuzzyLink: false });
    ['ftp:', '//'].forEach(schema => parser?.linkify.add(schema, null));
    parser.use(math).use(footnotes);
  }
  return parser;
}
