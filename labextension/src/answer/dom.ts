/**
 * Small pieces of a page, made element by element.
 */
export function make(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

export function button(label: string, title: string, onClick: (event: MouseEvent) => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'askance-answer-button';
  node.textContent = label;
  node.title = title;
  // Begins with the label, so that "click Copy" finds it by voice.
  node.setAttribute('aria-label', `${label}: ${title}`);
  node.addEventListener('click', onClick);
  return node;
}

/** Set a text only where it differs: a page is laid out anew, and a status read out again, for each that is set. */
export function say(node: HTMLElement, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Show another label for a moment. */
export function flash(node: HTMLElement, label: string): void {
  const own = node.dataset.label ?? node.textContent ?? '';
  node.dataset.label = own;
  node.textContent = label;
  window.setTimeout(() => (node.textContent = own), 1500);
}

/** Put a text on the clipboard and say so on the button; select `shown` where there is no clipboard. */
export async function copy(text: string, shown: Node, node: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    flash(node, 'Copied');
  } catch {
    // No clipboard outside https and localhost: with a selection the keyboard's copy works.
    window.getSelection()?.selectAllChildren(shown);
    flash(node, 'Selected');
  }
}
