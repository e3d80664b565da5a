/**
 * Links and images. Enters: an address that a model wrote. Leaves: a tree that shows where it leads, and loads nothing.
 */
import { element, named, textOf, type Tree } from './tree';

const LONGEST = 80;

/** No headers, which could name more readers or attach a text. */
const MAIL = /^mailto:[\w.+-]+@[\w.-]+$/i;

/** Signs that nobody sees, or that turn the order of others around. */
const UNSEEN = /[\p{C}\p{Z}]/u;

/** Where a link leads, as the browser reads it (its host in ASCII), or null if it may not be followed. */
export function safeUrl(url: string): URL | null {
  const may = MAIL.test(url) || /^https?:\/\/[^\s\\]+$/i.test(url);
  return may ? parsedUrl(url) : null;
}

/** A link that says where it goes; one that may not be followed is text that says so. */
export function link(url: string, children: readonly Tree[]): Tree[] {
  const target = safeUrl(url);
  if (target === null) {
    return [element('span', children, named('title', url)), place(clipped(url))];
  }
  const { href } = target;
  const shown = saysWhere(children.map(textOf).join(''), url, target) ? [] : [place(placeOf(target))];
  return [element('a', children, { href, rel: 'noopener noreferrer', target: '_blank', title: href }), ...shown];
}

/** Stands for an image: its address, never the image. */
export function image(url: string): string {
  const target = /^https?:/i.test(url) ? parsedUrl(url) : null;
  return `[image: ${target ? placeOf(target) + clipped(target.pathname === '/' ? '' : target.pathname) : clipped(url)}]`;
}

function place(name: string): Tree {
  return element('span', [` (${name})`], { class: 'askance-answer-host' });
}

/** The host of a web address, the address of a mail; all of it, as its end is what counts. */
function placeOf(target: URL): string {
  return target.host || target.pathname;
}

function parsedUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** Whether a link's text is its address already, and begins with the place where it leads. */
function saysWhere(text: string, url: string, target: URL): boolean {
  const bare = (address: string): string => address.trim().replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '');
  const shown = bare(text);
  return shown.startsWith(placeOf(target)) && !UNSEEN.test(shown) && (shown === bare(url) || shown === bare(decoded(url)));
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
