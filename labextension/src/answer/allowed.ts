/**
 * All that an answer's text may become: nothing else is ever created, whatever a parser returns.
 */

export const TAGS: ReadonlySet<string> = new Set(
  'a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong sup table tbody td th thead tr ul'.split(' ')
);

export const MATH_TAGS: ReadonlySet<string> = new Set(
  (
    'math semantics menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace ' +
    'msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none'
  ).split(' ')
);

/** Ours; of the model's own words only a language name (in `class`), an address (`href`, `title`) and a number (`start`). */
export const ATTRIBUTES: ReadonlySet<string> = new Set(
  'aria-label class disabled href rel role start tabindex target title type'.split(' ')
);

/** How formulas are laid out. None of these loads anything or leads anywhere. */
export const MATH_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'accent accentunder class columnalign columnlines columnspacing columnspan depth display displaystyle fence form height ' +
    'largeop linethickness lspace mathbackground mathcolor mathvariant maxsize minsize movablelimits notation rowlines ' +
    'rowspacing rowspan rspace scriptlevel separator stretchy style symmetric voffset width'
  ).split(' ')
);
