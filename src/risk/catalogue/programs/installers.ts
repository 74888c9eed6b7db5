/** Programs that install packages and tool versions for a workspace. */
import { on, type Program } from '../program.js';
import { changesElsewhere, reads, rebuilds } from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');

export const installers: Program = {
  programs: [
    'pip',
    'pip3',
    'conda',
    'mamba',
    'nvm',
    'fnm',
    'pyenv',
    'rbenv',
    'asdf',
    'mise',
    'volta',
    'corepack',
    'rustup',
    'sdk',
  ],
  carries: { words: true },
  rules: [
    on('list|show|freeze|check|search|ls|current|which|version|info|config|--version', {}, look),
    on(
      'install',
      { operand: /^(?:git\+|https?:)/ },
      changesElsewhere('It fetches a package from outside a registry and runs its set-up.', {
        verb: 'execute',
      }),
    ),
  ],
  otherwise: rebuilds('It changes the packages of the workspace.', 'create'),
  examples: [
    { run: 'pip install -r requirements.txt', tier: 1, points: 0 },
    { run: 'pip list', tier: 0, points: 0 },
  ],
};
