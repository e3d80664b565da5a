/**
 * The calls that stand before a saved answer, as `calls.py` writes them: a line each, everything in it spelled by number.
 * Pure. Enters: an output's Markdown and its manifest. Leaves: the calls, and the Markdown behind them.
 */
import { type IUse, useOf } from './answer/uses';
import { isRecord } from './messages';

/** One call, at the beginning: what was called, what came of it, its texts. A text of the model's holds no such signs. */
const CALL = /^<details><summary><code>([^<\n]*)<\/code> ([^<\n]*)<\/summary>((?:<pre>[^<\n]*<\/pre>)*)<\/details>(?:\n\n|\n?$)/;

const KNOWN = 'known already';

/** The calls, and the text without them. */
export function withoutCalls(markdown: string, manifest: Readonly<Record<string, unknown>> = {}): { tools: IUse[]; text: string } {
  const noted = Array.isArray(manifest.tools) ? manifest.tools : [];
  const tools: IUse[] = [];
  let text = markdown;
  for (let match = CALL.exec(text); match; match = CALL.exec(text)) {
    tools.push(useIn(match, tools.length, noted[tools.length]));
    text = text.slice(match[0].length);
  }
  return { tools, text };
}

function useIn([, spelled = '', came = '', texts = '']: RegExpExecArray, place: number, noted: unknown): IUse {
  const [, name = '', given = ''] = /^([^(]*)\(?(.*?)\)?$/s.exec(read(spelled)) ?? [];
  const parts = [...texts.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, part = '']) => read(part));
  const text = parts.pop() ?? '';
  const use: IUse = { id: `${place}`, name, arguments: parts[0] ?? given, state: 'done', seconds: NaN, text, cached: came.startsWith(KNOWN) };
  const { state, seconds } = isRecord(noted) ? noted : {};
  return useOf({ ...use, state, seconds }) ?? use;
}

/** A text of which signs are spelled by number. */
function read(text: string): string {
  return text.replace(/&#(\d{1,7});/g, (spelled, number: string) => (Number(number) <= 0x10ffff ? String.fromCodePoint(Number(number)) : spelled));
}
