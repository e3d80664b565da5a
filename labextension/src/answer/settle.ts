/**
 * Makes the last block of a growing text readable before it is decided what it becomes, so that nothing flashes.
 * Enters: Markdown that goes on. Leaves: Markdown to be drawn meanwhile.
 */

// The beginning of a list, a heading's underline, a fence or a formula: a few characters that mean nothing yet.
const UNDECIDED = /(?:^|\n)[ \t>]*(?:-{1,3}|={1,3}|\*{1,3}|_{1,3}|\+|#{1,6}|[`~]{1,2}|\d{1,3}[.)]?|!?\[|\$|\\)[ \t]*$/;
const TABLE_HEAD = /^(\|[^\n]*)(?:\n[|:\- \t]*)?$/;
const FENCE = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/gm;

export function settled(markdown: string): string {
  if (endsInFence(markdown)) {
    return markdown;
  }
  const head = TABLE_HEAD.exec(markdown);
  if (head?.[1]) {
    return asTable(head[1]);
  }
  const undecided = UNDECIDED.exec(markdown);
  return undecided ? markdown.slice(0, undecided.index) + (undecided[0].startsWith('\n') ? '\n' : '') : markdown;
}

/** The first line of a table as one, although the line that tells it from a paragraph is still to come. */
function asTable(head: string): string {
  if (!head.replace(/[|\s]/g, '')) {
    return '';
  }
  const cells = head.replace(/\\\|/g, '').replace(/\|\s*$/, '').split('|').length - 1;
  return `${head}\n${'|-'.repeat(cells)}|`;
}

function endsInFence(markdown: string): boolean {
  let fence = '';
  for (const [, mark = '', rest = ''] of markdown.matchAll(FENCE)) {
    if (!fence) {
      fence = mark.startsWith('`') && rest.includes('`') ? '' : mark;
    } else if (mark.startsWith(fence) && !rest.trim()) {
      fence = '';
    }
  }
  return fence !== '';
}
