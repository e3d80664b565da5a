/**
 * Formulas. Enters: TeX that a model wrote. Leaves: a tree of MathML, or the source as text if it cannot be set.
 */
import temml from 'temml';

import { MATH_ATTRIBUTES, MATH_TAGS } from './allowed';
import { element, named, type IElement, type Tree } from './tree';

const LONGEST = 4000;
const KEPT = 500;

// Colours, lengths and keywords; no address, no function call.
const HARMLESS = /^(?!.*url)[\w\s.,%#+-]*$/i;

/** What the library returns; its own types leave that open. */
interface IMathNode {
  type?: string;
  text?: string;
  attributes?: Record<string, unknown>;
  classes?: string[];
  style?: Record<string, unknown>;
  children?: IMathNode[];
}

const known = new Map<string, Tree>();

/** The formula set in MathML. */
export function formula(source: string, display: boolean): Tree {
  const key = (display ? '$$' : '$') + source;
  let tree = known.get(key);
  if (tree === undefined) {
    tree = typeset(source, display) ?? asSource(source, display);
    if (known.size >= KEPT) {
      known.clear();
    }
    known.set(key, tree);
  }
  return tree;
}

/** The formula as it was written. */
export function asSource(source: string, display: boolean): IElement {
  return element(display ? 'div' : 'span', [element('code', [source.trim()])], { class: 'askance-answer-tex' });
}

function typeset(source: string, display: boolean): Tree | null {
  if (source.length > LONGEST) {
    return null;
  }
  try {
    const limits = { maxExpand: 200, maxSize: [20, 50] as [number, number], strict: false, throwOnError: true, trust: false };
    const tree = convert(temml.__renderToMathMLTree(source, { ...limits, displayMode: display, macros: {} }) as IMathNode);
    return tree === null || typeof tree === 'string' ? null : display ? element('div', [tree], { class: 'askance-answer-math' }) : tree;
  } catch {
    return null;
  }
}

/** A node of the library as one of ours: only known elements, attributes and harmless values. */
function convert(node: IMathNode): Tree | null {
  if (typeof node.text === 'string') {
    return node.text;
  }
  // What the library would make a span, or leave out, groups its children here.
  const tag = node.type ?? 'mrow';
  if (!MATH_TAGS.has(tag)) {
    return null;
  }
  const children = (node.children ?? []).map(convert).filter(child => child !== null);
  const attributes = Object.entries(node.attributes ?? {})
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([name, value]) => MATH_ATTRIBUTES.has(name) && HARMLESS.test(value));
  const classes = (node.classes ?? []).filter(name => /^[a-z][\w-]*$/.test(name)).join(' ');
  return element(tag, children, { ...Object.fromEntries(attributes), ...named('class', classes), ...named('style', style(node.style ?? {})) });
}

function style(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => [name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), String(value)] as const)
    .filter(([name, value]) => LAYOUT.test(name) && HARMLESS.test(value))
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ');
}

const LAYOUT = /^(?:border(?:-\w+)*|color|font-(?:family|size|style|weight)|height|justify-content|margin-\w+|padding(?:-\w+)?|text-align|width)$/;
