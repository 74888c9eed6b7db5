/** Every way of writing a command so that it does the same and looks like something else. */

/** A source of whole numbers below a bound; the same seed gives the same numbers. */
export type Draw = (below: number) => number;

export interface Disguise {
  readonly name: string;
  /** The command in disguise, or null where this disguise would change what it does. */
  readonly wear: (command: string, draw: Draw) => string | null;
}

/** A program and what follows it; null where the command opens with anything else. */
interface Opening {
  readonly program: string;
  readonly rest: string;
}

const KEYWORDS = new Set(['for', 'while', 'until', 'if', 'case', 'select', 'function', 'time', 'coproc']);
const BUILTINS = new Set([
  ...['cd', 'pushd', 'eval', 'source', 'shopt', 'alias', 'export', 'set', 'trap', 'exec', 'read', 'init'],
]);
const APPLETS = new Set([
  ...['rm', 'dd', 'find', 'chmod', 'chown', 'mv', 'sh', 'wget', 'tar', 'shred', 'xargs', 'kill', 'reboot'],
  ...['poweroff', 'echo', 'cat', 'ls', 'printf', 'awk', 'base64', 'nc', 'passwd', 'crontab', 'init'],
]);

/** Words without anything that the shell would read in another way. */
const PLAIN = /^[a-z][\w.-]*(?: [\w./:=@,+-]+)+$/;

export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const escapes = (text: string, write: (code: number) => string): string =>
  [...Buffer.from(text)].map(write).join('');
const hex = (code: number): string => code.toString(16).padStart(2, '0');
const octal = (code: number): string => `\\${code.toString(8).padStart(3, '0')}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const reverse = (text: string): string => [...text].reverse().join('');
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const from = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - from + 13) % 26) + from);
  });

function openingOf(command: string): Opening | null {
  const [, program = '', rest = ''] = /^([a-z][\w.-]*)((?:\s[\s\S]*)?)$/.exec(command) ?? [];
  return program === '' || KEYWORDS.has(program) ? null : { program, rest };
}

/** Writes the program's name in another way. */
const word = (name: string, write: (program: string, draw: Draw) => string): Disguise => ({
  name,
  wear: (command, draw) => {
    const opening = openingOf(command);
    return opening && write(opening.program, draw) + opening.rest;
  },
});

/** Puts something in front that runs the program; a builtin of the shell is no program. */
const wrapper = (prefix: string): Disguise => ({
  name: `behind ${prefix}`,
  wear: (command) => {
    const opening = openingOf(command);
    return opening === null || BUILTINS.has(opening.program) ? null : `${prefix} ${command}`;
  },
});

/** Puts the whole command inside something. */
const whole = (name: string, write: (command: string, draw: Draw) => string): Disguise => ({
  name,
  wear: write,
});

/** As `whole`, for commands of plain words only. */
const plain = (name: string, write: (command: string, draw: Draw) => string): Disguise => ({
  name,
  wear: (command, draw) => (PLAIN.test(command) ? write(command, draw) : null),
});

/** As `whole`, for commands of one line. */
const oneLine = (name: string, write: (command: string) => string): Disguise => ({
  name,
  wear: (command) => (/^[\x20-\x7e]+$/.test(command) ? write(command) : null),
});

const split = (text: string, draw: Draw): readonly [string, string] => {
  const at = 1 + draw(Math.max(1, text.length - 1));
  return [text.slice(0, at), text.slice(at)];
};

const QUOTING: readonly Disguise[] = [
  word('empty quotes in the name', (program, draw) => split(program, draw).join("''")),
  word('empty double quotes in the name', (program, draw) => split(program, draw).join('""')),
  word('a quoted name', (program) => quote(program)),
  word('a half quoted name', (program, draw) => {
    const [head, tail] = split(program, draw);
    return `${head}"${tail}"`;
  }),
  word('a backslash in the name', (program, draw) => split(program, draw).join('\\')),
  word('a backslash before the name', (program) => `\\${program}`),
  word('hexadecimal escapes', (program) => `$'${escapes(program, (code) => `\\x${hex(code)}`)}'`),
  word('octal escapes', (program) => `$'${escapes(program, octal)}'`),
  word('unicode escapes', (program) => `$'${escapes(program, (code) => `\\u00${hex(code)}`)}'`),
];

const NAMING: readonly Disguise[] = [
  word('a variable', (program) => `x=${program}; $x`),
  word('a variable in braces and quotes', (program) => `x=${program}\n"\${x}"`),
  word('two variables', (program, draw) => {
    const [head, tail] = split(program, draw);
    return `a=${head}; b=${tail}; $a$b`;
  }),
  word('a default value', (program) => `\${nobody_sets_this:-${program}}`),
  word('a part of a value', (program) => `x=--${program}; \${x:2}`),
  word('a value with something cut off', (program) => `x=${program}.txt; \${x%.txt}`),
  word('an element of an array', (program) => `a=(${program} x); "\${a[0]}"`),
  word('echo in its place', (program) => `$(echo ${program})`),
  word('echo in backticks', (program) => `\`echo ${program}\``),
  word('printf in its place', (program) => `$(printf '${escapes(program, (code) => `\\x${hex(code)}`)}')`),
  word('its name reversed', (program) => `$(echo ${reverse(program)} | rev)`),
  word('its name from base64', (program) => `$(echo ${base64(program)} | base64 -d)`),
  word('where it is', (program) => `$(command -v ${program})`),
  word('which it is', (program) => `"$(which ${program})"`),
  word('an alias', (program) => `shopt -s expand_aliases; alias zz=${program}\nzz`),
  word('a function', (program) => `zz() { ${program} "$@"; }; zz`),
  {
    name: 'an absolute path',
    wear: (command) => {
      const opening = openingOf(command);
      return opening === null || BUILTINS.has(opening.program) ? null : `/usr/bin/${command}`;
    },
  },
  ...['busybox', 'toybox', '/bin/busybox'].map(
    (box): Disguise => ({
      name: `an applet of ${box}`,
      wear: (command) => (APPLETS.has(openingOf(command)?.program ?? '') ? `${box} ${command}` : null),
    }),
  ),
];

const WRAPPERS: readonly Disguise[] = [
  ...[
    'sudo',
    'sudo -n -u root --',
    'sudo -E env A=1',
    'doas',
    'env',
    'env A=1 B=2',
    'env -u HOME',
    'A=1 B="x y"',
  ],
  ...[
    'nohup',
    'timeout 60',
    'timeout -k 5 --signal=KILL 10m',
    'nice -n 10',
    'nice',
    'ionice -c 3',
    'time -p',
  ],
  ...['stdbuf -oL', 'setsid', 'command', 'exec', 'chrt -b 0', 'flock /tmp/lock', 'sudo nohup nice timeout 9'],
].map(wrapper);

const SHELLS: readonly Disguise[] = [
  ...[
    'bash -c',
    'sh -c',
    'zsh -c',
    'dash -c',
    'bash -lc',
    'bash -e -o pipefail -c',
    '/bin/sh -c',
    'eval',
  ].map((shell) => whole(`in ${shell}`, (command) => `${shell} ${quote(command)}`)),
  whole('in two shells', (command) => `sh -c ${quote(`bash -c ${quote(command)}`)}`),
  whole('in three shells', (command) => `bash -c ${quote(`eval ${quote(`sh -c ${quote(command)}`)}`)}`),
  whole('in a shell as another user', (command) => `su root -c ${quote(command)}`),
  whole('in a shell of a script recorder', (command) => `script -qc ${quote(command)} /dev/null`),
  whole('in a shell on another host', (command) => `ssh deploy@host ${quote(command)}`),
  whole('in a shell for a line', (command) => `echo x | xargs -I{} sh -c ${quote(command)}`),
  whole('in a shell for a file', (command) => `find . -maxdepth 0 -exec sh -c ${quote(command)} \\;`),
  whole('in a here-document', (command) => `bash <<'LAST_LINE'\n${command}\nLAST_LINE`),
  whole('in a here-document of cat', (command) => `cat <<'LAST_LINE' | sh\n${command}\nLAST_LINE`),
  whole('in a here-string', (command) => `bash <<< ${quote(command)}`),
  whole('in a here-string of a tested shell', (command) => `sh -s <<< ${quote(command)}`),
  whole('echoed into a shell', (command) => `echo ${quote(command)} | sh`),
  whole('printed into a shell', (command) => `printf '%s\\n' ${quote(command)} | bash -s`),
  whole('in a sourced substitution', (command) => `source <(echo ${quote(command)})`),
  whole('in a script', (command) => `echo ${quote(command)} > x.sh; sh x.sh`),
  whole('in a script that is made to run', (command) =>
    [`cat > run.sh <<'LAST_LINE'`, command, 'LAST_LINE', 'chmod +x run.sh && ./run.sh'].join('\n'),
  ),
  whole('in a script by tee', (command) => `echo ${quote(command)} | tee x.sh >/dev/null && bash ./x.sh`),
  whole('in a trap', (command) => `trap ${quote(command)} EXIT`),
];

const CODE: readonly Disguise[] = [
  whole('in Python', (command) => `python3 -c ${quote(`import os; os.system(${JSON.stringify(command)})`)}`),
  whole(
    'in a process of Python',
    (command) =>
      `python3 -c ${quote(`import subprocess as s; s.run(${JSON.stringify(command)}, shell=True)`)}`,
  ),
  whole(
    'in Node',
    (command) => `node -e ${quote(`require('child_process').execSync(${JSON.stringify(command)})`)}`,
  ),
  oneLine(
    'in Perl',
    (command) => `perl -e ${quote(`system(q\u0001${command}\u0001)`.replaceAll('\u0001', '~'))}`,
  ),
  oneLine(
    'in Ruby',
    (command) => `ruby -e ${quote(`system(${JSON.stringify(command).replaceAll('#', '\\#')})`)}`,
  ),
];

const ENCODING: readonly Disguise[] = [
  whole('base64 into a shell', (command) => `echo ${base64(command)} | base64 -d | sh`),
  whole('base64 in a substitution', (command) => `bash -c "$(echo ${base64(command)} | base64 --decode)"`),
  whole('base64 in eval', (command) => `eval "$(base64 -d <<< ${base64(command)})"`),
  whole('base64 twice', (command) => `echo ${base64(base64(command))} | base64 -d | base64 -d | bash`),
  whole('base64 by openssl', (command) => `echo ${base64(command)} | openssl base64 -d -A | sh`),
  whole('hexadecimal by xxd', (command) => `echo ${escapes(command, hex)} | xxd -r -p | bash`),
  whole(
    'hexadecimal by printf',
    (command) => `printf '${escapes(command, (code) => `\\x${hex(code)}`)}' | sh`,
  ),
  whole(
    'octal by printf',
    (command) => `printf '%b' '${escapes(command, (code) => `\\0${code.toString(8)}`)}' | sh`,
  ),
  whole('octal in eval', (command) => `eval "$(printf '${escapes(command, octal)}')"`),
  whole('escapes of a string', (command) => `eval $'${escapes(command, (code) => `\\x${hex(code)}`)}'`),
  oneLine('reversed', (command) => `echo ${quote(reverse(command))} | rev | sh`),
  oneLine('rotated', (command) => `echo ${quote(rot13(command))} | tr 'A-Za-z' 'N-ZA-Mn-za-m' | sh`),
  whole('two halves in eval', (command, draw) => {
    const [head, tail] = split(command, draw);
    return `a=${quote(head)}; b=${quote(tail)}; eval "$a$b"`;
  }),
  whole('two halves in a shell', (command, draw) => {
    const [head, tail] = split(command, draw);
    return `a=${quote(head)}; a+=${quote(tail)}; bash -c "$a"`;
  }),
];

const PLACING: readonly Disguise[] = [
  whole('in a subshell', (command) => `(\n${command}\n)`),
  whole('in a group', (command) => `{\n${command}\n}`),
  whole('in a substitution', (command) => `echo "$(\n${command}\n)"`),
  whole('in an assignment', (command) => `x=$(\n${command}\n)`),
  whole('in a process substitution', (command) => `cat <(\n${command}\n)`),
  whole('after true', (command) => `true && ${command}`),
  whole('after false', (command) => `false || ${command}`),
  whole('after many', (command) => `ls -la; git status; ${command}`),
  whole('in an if', (command) => `if true; then\n${command}\nfi`),
  whole('in a condition', (command) => `if ! {\n${command}\n}; then echo no; fi`),
  whole('in a loop', (command) => `for i in 1 2; do\n${command}\ndone`),
  whole('in a while', (command) => `while true; do\n${command}\nbreak; done`),
  whole('in a case', (command) => `case x in x)\n${command}\n;; esac`),
  whole('in a function', (command) => `tidy() {\n${command}\n}\ntidy`),
  whole('in a function in a function', (command) => `a() {\n${command}\n}; b() { a; }; b`),
  whole('in the background', (command) => `{\n${command}\n} > /dev/null 2>&1 &`),
  whole('after a comment', (command) => `# only tidies up\n${command}`),
  plain('before a comment', (command) => `${command} # npm test`),
  plain('with wide spaces', (command) => command.replaceAll(' ', ' \t ')),
  plain('over several lines', (command) => command.replaceAll(' ', ' \\\n  ')),
  plain('with the field separator', (command) => command.replaceAll(' ', '$' + '{IFS}')),
  plain('as braces', (command) => `{${command.replaceAll(',', '\\,').replaceAll(' ', ',')}}`),
  plain('as a variable', (command) => `x=${quote(command)}; $x`),
  plain('as an array', (command) => `a=(${command}); "\${a[@]}"`),
  plain('as positional parameters', (command) => `set -- ${command}; "$@"`),
  plain('by xargs', (command) => {
    const at = command.lastIndexOf(' ');
    return `echo ${command.slice(at + 1)} | xargs ${command.slice(0, at)}`;
  }),
  plain(
    'by xargs whole',
    (command) => `echo ${command.slice(command.indexOf(' ') + 1)} | xargs ${command.split(' ')[0]}`,
  ),
  plain('by find', (command) => `find . -maxdepth 0 -exec ${command} \\;`),
  plain('with quoted words', (command, draw) => {
    const words = command.split(' ');
    const at = draw(words.length);
    return words.map((one, index) => (index === at ? `"${one}"` : one)).join(' ');
  }),
  plain('with quotes in every word', (command, draw) =>
    command
      .split(' ')
      .map((one) => split(one, draw).join("''"))
      .join(' '),
  ),
];

export const DISGUISES: readonly Disguise[] = [
  ...QUOTING,
  ...NAMING,
  ...WRAPPERS,
  ...SHELLS,
  ...CODE,
  ...ENCODING,
  ...PLACING,
];
