/** A proposed call as it will execute: every argument, what it would do underlined where it stands. */

import type { Assessment, Effect } from '../../domain/assessment.js';
import { type Html, html, visible } from './html.js';

interface Marked {
  readonly start: number;
  readonly end: number;
}

/** As much of a call as is shown. */
export interface ShownCall {
  readonly tool: { readonly input: unknown };
  /** Whether the record, and so the page, has only the beginning of it. */
  readonly inputTruncated: boolean;
}

/** Each argument of a call under its name; one that is no text is shown as JSON. */
export function callView(
  { tool: { input }, inputTruncated }: ShownCall,
  assessment: Assessment | null,
): Html {
  const effects = assessment?.effects ?? [];
  const parts =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.entries(input).map(([name, value]) => [name, `input.${name}`, value] as const)
      : [['input', 'input', input] as const];
  return html`${inputTruncated && CUT}<div class="call">${parts.map(
    ([name, source, value], nth) => html`<h3 id="argument-${nth}">${visible(name)}</h3>
<pre tabindex="0" aria-labelledby="argument-${nth}">${argument(value, source, effects)}</pre>`,
  )}</div>`;
}

/** Nobody should agree to what they take for the whole. */
const CUT = html`<p class="notice"><b>This is not all of the call.</b> It is too long to be recorded: what comes after the cut runs as well, and is not shown here.</p>
`;

function argument(value: unknown, source: string, effects: readonly Effect[]): Html {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  const spans = effects.flatMap(({ span, points }) =>
    span !== null && span.source === source && points > 0 ? [span] : [],
  );
  return typeof value === 'string' ? underlined(text, spans) : visible(text);
}

/** Spans that overlap are one. */
function underlined(text: string, spans: readonly Marked[]): Html {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start && end <= text.length) merged.push({ start, end });
  }
  const pieces: Html[] = [];
  let at = 0;
  for (const { start, end } of merged) {
    pieces.push(visible(text.slice(at, start)), html`<mark>${visible(text.slice(start, end))}</mark>`);
    at = end;
  }
  return html`${pieces}${visible(text.slice(at))}`;
}

const RADIUS = {
  object: 'one object',
  set: 'several objects',
  collection: 'a whole collection',
  system: 'a whole system and what depends on it',
} as const;

/** What the engine found that the call would do, the worst first, and what made it count for more. */
export function effectsView({ effects, factors }: Assessment): Html {
  const worstFirst = [...effects].sort((a, b) => b.points - a.points);
  return html`<ul class="plain">${worstFirst.map(
    (effect) => html`<li class="effect"><span class="points">${effect.points} points</span>
<b>${effect.verb} ${visible(effect.target)}</b>
<p>${visible(effect.reason)}</p>
<p class="soft">Tier ${effect.tier}, reaches ${RADIUS[effect.radius]}, ${
      effect.reversible ? 'can be undone' : 'cannot be undone'
    }${effect.environment === 'unknown' ? '' : `, ${effect.environment}`}</p></li>`,
  )}</ul>${
    factors.length > 0 &&
    html`<p class="soft">Counts for more: ${visible(factors.map(({ value, reason }) => `×${value} ${reason.replace(/\.$/, '')}`).join('; '))}.</p>`
  }`;
}
