/** Says in the words of a POSIX shell what commands of Windows do. */
import { type Line, quoted, type Word } from './windows-lines.js';

const word = (text: string): Word => ({ text, written: quoted(text) });

/** The operands of a command, and whether a flag was among its words. */
interface Given {
  readonly operands: readonly Word[];
  has(flag: RegExp): boolean;
  /** The value after a flag. */
  value(flag: RegExp): Word | undefined;
}

type Translation = (given: Given, piped: readonly Word[] | null) => readonly Word[];

/** Flags whose value is a path or a name, and so an operand. */
const NAMES_OPERAND =
  /^-(?:pa\w*|li\w*|lp|pspath|filepath|fi\w*path|dest\w*|newname|n|na|nam|name|id|inputobject|driveletter|number|displayname|computername|service\w*)$/i;
/** Flags whose value is something else. */
const TAKES_VALUE =
  /^-(?:value|va|include|inc|exclude|exc|filter|fil|encoding|enc|itemtype|type|it|depth|stream|uri|u|method|me|body|b|headers|h|outfile|o|contenttype|argumentlist|args?|erroraction|ea|verb|timeoutsec|credential|width)$/i;

const translate =
  (...start: readonly string[]): Translation =>
  ({ operands }, piped) => [...start.map(word), ...(operands.length === 0 ? (piped ?? []) : operands)];

const removes: Translation = ({ operands, has }, piped) => {
  const paths = operands.length === 0 ? (piped ?? []) : operands;
  const recursive = has(/^-r(?:ec\w*)?$|^\/s$/i) || (operands.length === 0 && piped !== null);
  if (has(/^-wh\w*$/i)) return [word('ls'), ...paths];
  const all = paths.map((path) => (/^\*\.\*$/.test(path.text) ? word('.') : path));
  return [word('rm'), word(recursive ? '-rf' : '-f'), ...all];
};

const stops: Translation = ({ operands, has }, piped) => {
  const names = (operands.length === 0 ? (piped ?? []) : operands).map(({ text, written }) =>
    /\.exe$/i.test(text) ? word(text.replace(/\.exe$/i, '')) : { text, written },
  );
  const byNumber = names.every(({ text }) => /^\d+$/.test(text)) || has(/^\/pid$|^-id$/i);
  return [word(byNumber ? 'kill' : 'pkill'), ...names];
};

const writes: Translation = ({ operands, value }) => {
  const text = value(/^-va/i) ?? operands[1];
  const file = operands[0] ?? word('$FILE');
  return text === undefined ? [word('tee'), file] : [word('echo'), text, { text: '>', written: '>' }, file];
};

const requests: Translation = ({ operands, value }) => {
  const given = (flag: RegExp, ...name: readonly string[]): readonly Word[] => {
    const held = value(flag);
    return held === undefined ? [] : [...name.map(word), held];
  };
  return [
    word('curl'),
    ...given(/^-me/i, '-X'),
    ...given(/^-b/i, '--data'),
    ...given(/^-o/i, '-o'),
    ...given(/^-u/i),
    ...operands,
  ];
};

const TRANSLATIONS: readonly (readonly [RegExp, Translation])[] = [
  [/^(?:remove-item|ri|rm|del|erase|rd|rmdir|remove-itemproperty)$/, removes],
  [/^(?:move-item|mi|mv|move|rename-item|rni|ren|rename)$/, translate('mv')],
  [/^(?:copy-item|cpi|cp|copy|xcopy)$/, translate('cp', '-r')],
  [
    /^robocopy$/,
    ({ operands, has }) =>
      has(/^\/(?:mir|purge)$/i)
        ? [word('rm'), word('-rf'), ...operands.slice(1, 2)]
        : [word('cp'), word('-r'), ...operands.slice(0, 2)],
  ],
  [/^(?:clear-content|clc)$/, translate('truncate', '-s', '0')],
  [/^(?:set-content|sc|add-content|ac|out-file|tee-object|export-csv|export-clixml)$/, writes],
  [/^(?:new-item|ni|md)$/, translate('touch')],
  [/^(?:get-content|gc|type|cat)$/, translate('cat')],
  [/^(?:get-childitem|gci|dir|ls|get-item|gi|get-itemproperty|resolve-path|test-path)$/, translate('ls')],
  [/^(?:write-output|write-host|echo|write)$/, translate('echo')],
  [/^(?:set-location|sl|chdir|cd|push-location|pushd)$/, translate('cd')],
  [/^(?:stop-process|spps|kill|taskkill)$/, stops],
  [
    /^(?:stop-service|restart-service|suspend-service|remove-service|spsv|set-service)$/,
    translate('systemctl', 'stop'),
  ],
  [
    /^(?:invoke-expression|iex)$/,
    ({ operands }, piped) =>
      piped !== null && operands.length === 0 ? [word('sh')] : [word('eval'), ...operands],
  ],
  [/^(?:invoke-webrequest|iwr|invoke-restmethod|irm)$/, requests],
  [
    /^(?:start-process|saps|start|call|invoke-item|ii)$/,
    ({ operands, value }) => [
      ...operands,
      ...(value(/^-a/i) === undefined ? [] : [value(/^-a/i) ?? word('')]),
    ],
  ],
  [
    /^setx$/,
    ({ operands: [name, text] }) => [word('export'), word(`${name?.text ?? ''}=${text?.text ?? ''}`)],
  ],
  [/^set$/, ({ operands: [assignment] }) => [word('export'), assignment ?? word('X=')]],
  [/^(?:icacls|cacls|attrib|set-acl|takeown)$/, translate('chmod', '0')],
  [
    /^(?:get|test|select|where|measure|sort|format|convertto|convertfrom|compare|group|out|resolve|join|split|write|find|show)-(?!volume)\w+$|^(?:where|foreach|foreach-object|%|\?|select|sort|ver|cls|title|rem|echo\.|chcp|more|findstr|fl|ft)$/,
    translate(':'),
  ],
  [/^[.\w~/@:-]+\.exe$/, translate()],
];

/** A pipeline a line, for a POSIX shell. */
export function inShellWords(lines: readonly Line[]): string {
  return lines
    .map(({ commands }) => {
      const source = commands[0] === undefined ? [] : givenBy(commands[0]).operands;
      return commands
        .map((words, index) => translated(words, index === 0 ? null : source))
        .map((words) => words.map(({ written }) => written).join(' '))
        .filter((text) => text !== '')
        .join(' | ');
    })
    .filter((text) => text !== '')
    .join('\n');
}

/** What another command lists is what this one is given; everything here, when nothing is named. */
function translated(words: readonly Word[], source: readonly Word[] | null): readonly Word[] {
  const [first] = words;
  if (first === undefined) return [];
  const name = first.text.toLowerCase();
  const rule = TRANSLATIONS.find(([names]) => names.test(name));
  if (rule === undefined) return words;
  const redirect = words.findIndex(({ text }) => /^[\d*]?>{1,2}/.test(text));
  const own = redirect < 0 ? words : words.slice(0, redirect);
  const piped = source === null ? null : source.length === 0 ? [word('.')] : source;
  const plain = /\.exe$/.test(name)
    ? [word(first.text.replace(/^.*\/|\.exe$/gi, '')), ...own.slice(1)]
    : null;
  const start = plain === null ? rule[1](givenBy(own), piped) : translated(plain, source);
  return redirect < 0 ? start : [...start, ...words.slice(redirect)];
}

function givenBy(words: readonly Word[]): Given {
  const operands: Word[] = [];
  const flags: { readonly name: string; readonly value: Word | undefined }[] = [];
  const isPrompt = words.some(({ text }) => /^\/[a-z]{1,4}$/i.test(text));
  for (let at = 1; at < words.length; at += 1) {
    const held = words[at];
    if (held === undefined) break;
    const isFlag = /^-[a-z]/i.test(held.text) || (isPrompt && /^\/[a-z]{1,4}(?::\S*)?$/i.test(held.text));
    if (!isFlag) {
      operands.push(held);
      continue;
    }
    const [name = '', glued] = held.text.split(/:(.*)/s);
    if (TAKES_VALUE.test(name) && !NAMES_OPERAND.test(name)) {
      flags.push({ name, value: glued === undefined ? words[at + 1] : word(glued) });
      at += glued === undefined ? 1 : 0;
    } else flags.push({ name, value: undefined });
  }
  return {
    operands,
    has: (flag) => flags.some(({ name }) => flag.test(name)),
    value: (flag) => flags.find(({ name, value }) => value !== undefined && flag.test(name))?.value,
  };
}
