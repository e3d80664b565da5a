/**
 * Colours code that grows line by line. Enters: the code so far. Leaves: one tree per line; lines that are as before are
 * the very same objects, and only those behind the first change are read anew.
 */
import { StringStream, type StreamParser } from '@codemirror/streamparser';

import { parserOf } from './languages';
import { element, type IElement, type Tree } from './tree';

const MOST_LINES = 3000;
const LONGEST_LINE = 1000;

/** The names of the tokenisers, as JupyterLab's themes name their colours. */
const COLOURS: Readonly<Record<string, string>> = {
  atom: 'atom', attribute: 'attribute', attributeName: 'attribute', bracket: 'bracket', builtin: 'builtin',
  character: 'string', comment: 'comment', def: 'def', deleted: 'deleted', error: 'error', inserted: 'inserted',
  keyword: 'keyword', macroName: 'meta', meta: 'meta', number: 'number', operator: 'operator', property: 'property',
  propertyName: 'property', punctuation: 'punctuation', quote: 'string', self: 'variable-2', string: 'string',
  tagName: 'tag', type: 'builtin', typeName: 'builtin'
};

interface ILine {
  source: string;
  tree: IElement;
  /** The tokeniser's state behind this line. */
  state: unknown;
}

export class Highlighter {
  constructor(language: string) {
    this._parser = parserOf(language);
  }

  /** The lines of `code`, each with its line end. */
  lines(code: string): IElement[] {
    const sources = code.split(/(?<=\n)/);
    let same = 0;
    while (same < this._lines.length && same < sources.length && this._lines[same]?.source === sources[same]) {
      same += 1;
    }
    this._lines.length = same;
    for (const source of sources.slice(same)) {
      this._lines.push(this._read(source));
    }
    return this._lines.map(line => line.tree);
  }

  private _read(source: string): ILine {
    const parser = this._lines.length < MOST_LINES ? this._parser : null;
    const before = this._lines.at(-1);
    if (!parser || source.length > LONGEST_LINE) {
      return { source, tree: line([source]), state: before?.state };
    }
    const state = before?.state === undefined ? start(parser) : copied(parser, before.state);
    try {
      return { source, tree: line(tokens(parser, state, source)), state };
    } catch {
      return { source, tree: line([source]), state: before?.state };
    }
  }

  private readonly _parser: StreamParser<unknown> | null;
  private readonly _lines: ILine[] = [];
}

function tokens(parser: StreamParser<unknown>, state: unknown, source: string): Tree[] {
  const text = source.replace(/\n$/, '');
  if (!text) {
    parser.blankLine?.(state, 2);
    return [source];
  }
  const stream = new StringStream(text, 4, 2);
  const found: { colour: string; text: string }[] = [];
  let idle = 0;
  while (!stream.eol() && idle < 10) {
    stream.start = stream.pos;
    const colour = colourOf(parser.token(stream, state));
    const last = found.at(-1);
    idle = stream.pos === stream.start ? idle + 1 : 0;
    if (last?.colour === colour) {
      last.text += stream.current();
    } else if (stream.current()) {
      found.push({ colour, text: stream.current() });
    }
  }
  const rest = source.slice(stream.pos);
  return [...found.map(one => (one.colour ? element('span', [one.text], { class: `askance-code-${one.colour}` }) : one.text)), ...(rest ? [rest] : [])];
}

function colourOf(style: string | null): string {
  const [name = ''] = (style ?? '').split(' ');
  return COLOURS[name] ?? COLOURS[name.split('.')[0] ?? ''] ?? '';
}

function start(parser: StreamParser<unknown>): unknown {
  return parser.startState?.(2) ?? {};
}

/** By default a state is copied one level deep, and its lists too. */
function copied(parser: StreamParser<unknown>, state: unknown): unknown {
  if (parser.copyState) {
    return parser.copyState(state);
  }
  const pairs = Object.entries(state as object).map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? value.slice() : value]);
  return Object.fromEntries(pairs) as unknown;
}

function line(children: readonly Tree[]): IElement {
  return element('span', children, { class: 'askance-code-line' });
}
