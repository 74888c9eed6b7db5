/** A text under examination that still knows where in the proposal it came from. */
import type { Span } from '../domain/assessment.js';

export interface Excerpt {
  readonly text: string;
  /** The place of a range of this text in the proposal. */
  locate(start: number, end: number): Span;
}

/** A whole text of the proposal, such as `input.command` or `file:body.json`. */
export function wholeText(source: string, text: string): Excerpt {
  return { text, locate: (start, end) => ({ source, start, end }) };
}

/**
 * A text found inside another one. When it stands there letter for letter, its ranges stay exact;
 * when quoting or escapes changed it, every range points at the whole place it came from.
 */
export function nestedText(text: string, outer: Span, raw: string): Excerpt {
  const offset = text === '' ? -1 : raw.indexOf(text);
  if (offset < 0) return { text, locate: () => outer };
  const base = outer.start + offset;
  return { text, locate: (start, end) => ({ source: outer.source, start: base + start, end: base + end }) };
}

/** The text as it is read where a character is dropped; its ranges still point at the whole text. */
export function without(dropped: string, whole: Excerpt): Excerpt {
  if (!whole.text.includes(dropped)) return whole;
  const end = whole.text.length;
  const places = Array.from({ length: end }, (_, at) => at).filter((at) => whole.text[at] !== dropped);
  return {
    text: whole.text.replaceAll(dropped, ''),
    locate: (start, until) =>
      whole.locate(places[start] ?? end, until === 0 ? 0 : (places[until - 1] ?? end - 1) + 1),
  };
}
