/**
 * Makes a page show a tree, touching only what differs from the tree it shows. Enters: both. Leaves: DOM nodes.
 *
 * What is equal keeps its nodes, and with them the reader's selection and scroll positions.
 */
import { ATTRIBUTES, MATH_ATTRIBUTES, MATH_TAGS, TAGS } from './allowed';
import type { IElement, Tree } from './tree';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/**
 * Make the children of `parent`, which show `before`, show `after`.
 *
 * @param math whether `parent` is part of a formula.
 */
export function patch(parent: Element, before: readonly Tree[], after: readonly Tree[], math = false): void {
  if (before === after) {
    return;
  }
  if (parent.childNodes.length !== before.length) {
    // Someone else has changed the page, a translator for instance.
    parent.replaceChildren(...after.map(tree => create(tree, math)));
    return;
  }
  let node = parent.firstChild;
  for (let index = 0; index < after.length; index += 1) {
    const [old, tree] = [before[index], after[index] as Tree];
    const next: ChildNode | null = node?.nextSibling ?? null;
    if (old === undefined || !node) {
      parent.append(create(tree, math));
    } else {
      update(node, old, tree, math);
    }
    node = next;
  }
  while (parent.childNodes.length > after.length) {
    parent.lastChild?.remove();
  }
}

function update(node: ChildNode, before: Tree, after: Tree, math: boolean): void {
  if (before === after) {
    return;
  }
  if (typeof before === 'string' && typeof after === 'string' && isText(node)) {
    if (after.startsWith(before) && node.data === before) {
      node.appendData(after.slice(before.length));
    } else {
      node.data = after;
    }
  } else if (typeof before !== 'string' && typeof after !== 'string' && before.tag === after.tag && isElement(node)) {
    const inMath = math || after.tag === 'math';
    setAttributes(node, before.attributes, after.attributes, inMath);
    patch(node, before.children, after.children, inMath);
  } else {
    node.replaceWith(create(after, math));
  }
}

/**
 * The node of a tree. An element that is not on the list becomes a bare span, or mrow.
 *
 * @param math whether it is put into a formula.
 */
export function create(tree: Tree, math = false): Node {
  if (typeof tree === 'string') {
    return document.createTextNode(tree);
  }
  const inMath = math || tree.tag === 'math';
  const known = (inMath ? MATH_TAGS : TAGS).has(tree.tag);
  const node = inMath
    ? document.createElementNS(MATHML, known ? tree.tag : 'mrow')
    : document.createElement(known ? tree.tag : 'span');
  setAttributes(node, {}, known ? tree.attributes : {}, inMath);
  node.append(...tree.children.map(child => create(child, inMath)));
  return node;
}

function setAttributes(node: Element, before: IElement['attributes'], after: IElement['attributes'], math: boolean): void {
  if (before === after) {
    return;
  }
  const allowed = math ? MATH_ATTRIBUTES : ATTRIBUTES;
  for (const name of Object.keys(before)) {
    if (!(name in after)) {
      node.removeAttribute(name);
    }
  }
  for (const [name, value] of Object.entries(after)) {
    if (allowed.has(name) && before[name] !== value) {
      setAttribute(node, name, value);
    }
  }
}

function setAttribute(node: Element, name: string, value: string): void {
  const { style } = node as Partial<ElementCSSInlineStyle>;
  if (name === 'style' && style) {
    // Not as an attribute: a page's content security policy may forbid those.
    style.cssText = value;
  } else {
    node.setAttribute(name, value);
  }
}

function isText(node: Node): node is Text {
  return node.nodeType === 3;
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}
