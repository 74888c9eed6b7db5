/** Scripts in which signs only look like others, also where what they open ends lines later. */
import type { Disguised } from './disguised.js';

export const LOOKALIKES: readonly Disguised[] = [
  {
    tierMin: 4,
    pointsMin: 500,
    commands: [
      '# note\u2028rm -rf /',
      'echo ok # note\u2028rm -rf /',
      'ls \uff1b rm -rf /',
      'r\u200bm -rf /',
      'a=rm\n$\u0430 -rf /',
      'sh -c \uff02ls\nrm -rf /\uff02',
      'eval \uff07ls\nrm -rf /\uff07',
      'sh \uff1c\uff1cEOF\nrm -rf /srv\nEOF',
      'echo one\nls \uff1b rm -rf /\necho two',
      'for x in a b; do echo привет; r\u200bm -rf /; done',
    ],
  },
  {
    tierMin: 4,
    pointsMin: 50,
    commands: ['base64 -d \uff1c\uff1cEOF | sh\ncm0gLXJmIC8K\nEOF', 'а=rm; $a -rf /x'],
  },
];

/** The same signs where they mean nothing. */
export const LOOKALIKES_CALM: readonly (readonly [string, number])[] = [
  ['echo привет\nls', 0],
  ['# комментарий\ngit status\n# ещё один', 0],
  ['git commit -m "исправлено: ＜тег＞ и «кавычки»"\ngit status', 0],
  ['echo "παράδειγμα"\nnpm test\nls -la', 0],
];
