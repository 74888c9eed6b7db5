/** The commands of PowerShell that delete. */
import { on, type Program } from '../program.js';
import { changesLocally, destroys, disturbs, escalates, reads } from '../verdicts.js';

const FETCHES_AND_RUNS =
  /\b(?:iex|invoke-expression)\b[\s\S]*(?:iwr|irm|curl|invoke-webrequest|invoke-restmethod|downloadstring|webclient)|(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)[\s\S]*\|\s*(?:iex|invoke-expression)\b/i;

/** PowerShell as a program, which is told what to run. */
export const powershellProgram: Program = {
  programs: ['powershell', 'pwsh', 'powershell.exe', 'pwsh.exe'],
  singleDash: true,
  valueFlags: ['-Command', '-command', '-c', '-C', '-File', '-file', '-ExecutionPolicy', '-ep', '-w'],
  rules: [
    on('', { value: FETCHES_AND_RUNS }, escalates('It fetches code and runs it.')),
    on('', { operand: FETCHES_AND_RUNS }, escalates('It fetches code and runs it.')),
    on(
      '',
      { flags: ['-EncodedCommand', '-enc', '-e', '-ec', '-encodedcommand'] },
      escalates('It runs code that is encoded.'),
    ),
    on(
      '',
      { flags: ['-Command', '-command', '-c', '-C'] },
      { runs: 'shell', from: { flag: ['-Command', '-command', '-c', '-C'] } },
    ),
    on('', { atLeast: 1 }, { wraps: 'command', skip: 0 }),
  ],
  otherwise: disturbs('It runs what cannot be seen.', { verb: 'execute', kind: 'code.exec' }),
  examples: [
    { run: "powershell -Command 'Remove-Item -Recurse -Force C:\\\\'", tier: 4, points: 500 },
    { run: "pwsh -c 'Get-ChildItem'", tier: 1, points: 1 },
  ],
};

/** The command interpreter of Windows. */
export const commandPrompt: Program = {
  programs: ['cmd', 'cmd.exe'],
  carries: { words: true },
  rules: [
    on(
      '',
      { operand: /^(?:rd|rmdir|del|erase)\b(?=.*\s\/s).*\s[a-z]:\\*$/i },
      destroys('It deletes a whole drive.', 'system', 'file.delete'),
    ),
    on('', { operand: /^format\s+[a-z]:/i }, destroys('It formats a drive.', 'system', 'file.delete')),
    on(
      '',
      { operand: /^(?:rd|rmdir|del|erase)\b.*\s\/s/i },
      destroys('It deletes a folder with all below it.', 'collection', 'file.delete'),
    ),
  ],
  otherwise: changesLocally('It runs a command of Windows.', 'execute'),
  examples: [{ run: 'cmd /c "rd /s /q C:\\\\"', tier: 4, points: 500 }],
};

export const powershell: Program = {
  programs: ['Remove-Item', 'remove-item', 'Clear-Content', 'clear-content'],
  singleDash: true,
  recursiveFlags: ['-Recurse', '-recurse', '-r', '-Rec'],
  rules: [on('', {}, { touches: 'delete' })],
  otherwise: reads(),
  examples: [
    { run: 'Remove-Item -Recurse -Force /', tier: 4, points: 500 },
    { run: 'Remove-Item dist/a.js', tier: 1, points: 0 },
  ],
};
