/**
 * Keys inside the view. A notebook in command mode has its own use for Enter and the arrows; buttons need theirs.
 */
export function onKeydown(event: KeyboardEvent): void {
  const { key, target } = event;
  if (!(target instanceof Element) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  const control = target.closest<HTMLElement>('button, a, summary');
  if (control && (key === 'Enter' || key === ' ')) {
    event.stopPropagation();
  } else if (key === 'ArrowLeft' || key === 'ArrowRight') {
    event.stopPropagation();
    if (control && moveFocus(control, key === 'ArrowLeft' ? -1 : 1)) {
      event.preventDefault();
    }
  }
}

/** To the next button of the same toolbar, around its ends. */
function moveFocus(from: HTMLElement, step: number): boolean {
  const all = [...(from.closest('[role="toolbar"]')?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
  const buttons = all.filter(one => !one.disabled && !one.hidden);
  const index = buttons.indexOf(from as HTMLButtonElement);
  buttons[(index + step + buttons.length) % buttons.length]?.focus();
  return index >= 0;
}
