/**
 * Links and images. Enters: an address that a model wrote. Leaves: a tree that shows where it leads, and loads nothing.
 */
import { element, named, textOf, type Tree } from './tree';

const LONGEST = 80;

/** Where a link may lead, or null if it may not. */
export function safeUrl(url: string): string | null {
  return /^(?:https?:\/\/|mailto:)[^\s]+$/i.test(url) ? url : null;
}

/** A link that says where it goes; one that may not be followed is text that says so. */
export function link(url: string, children: readonly Tree[]): Tree[] {
  const href = safeUrl(url);
  const target = href === null ? url : placeOf(href);
  const shown = saysWhere(children.map(textOf).join(''), url) ? [] : [element('span', [` (${clipped(target)})`], { class: 'askance-answer-host' })];
  if (href === null) {
    return [element('span', children, named('title', url)), ...shown];
  }
  return [element('a', children, { href, rel: 'noopener noreferrer', target: '_blank', title: href }), ...shown];
}

/** Stands for an image: its address, never the image. */
export function image(url: string): string {
  return `[image: ${clipped(/^https?:/i.test(url) ? placeOf(url) + pathOf(url) : url)}]`;
}

/** The host of a web address, as the browser reads it; the address of a mail. */
function placeOf(url: string): string {
  const parsed = parsedUrl(url);
  return parsed ? parsed.host || parsed.pathname : url;
}

function pathOf(url: string): string {
  const path = parsedUrl(url)?.pathname ?? '';
  return path === '/' ? '' : path;
}

function parsedUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/** Whether a link's text is its address already. */
function saysWhere(text: string, url: string): boolean {
  const bare = (address: string): string => address.trim().replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '');
  return bare(text) === bare(url) || bare(text) === bare(decoded(url));
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
