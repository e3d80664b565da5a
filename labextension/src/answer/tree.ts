/**
 * What is to be drawn, as plain data. Leaves: the types that parsing makes and `patch` turns into elements.
 */

/** An element to be. */
export interface IElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Tree[];
}

export type Tree = IElement | string;

/** A top-level block of a text. */
export interface IBlock {
  /** Where it begins in the text, in UTF-16 units. */
  readonly start: number;
  readonly tree: Tree;
}

export function element(tag: string, children: readonly Tree[], attributes: Readonly<Record<string, string>> = {}): IElement {
  return { tag, attributes, children };
}

/** A name with its value, or nothing where there is none. */
export function named(name: string, value: string): Record<string, string> {
  return value ? { [name]: value } : {};
}

export function textOf(tree: Tree): string {
  return typeof tree === 'string' ? tree : tree.children.map(textOf).join('');
}
