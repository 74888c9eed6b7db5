/** git: the workspace's history and what is shared of it. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  escalates,
  reads,
  rebuilds,
  removes,
} from '../verdicts.js';

const SHARED =
  /^(?:\+?(?:[^:]*:)?(?:refs\/heads\/)?)(?:main|master|trunk|develop|dev|production|prod|staging|stable|release(?:[/-].*)?|v?\d+\.x|gh-pages)$/;
const FORCE = ['--force', '-f', '--mirror', '--prune'];

const local = rebuilds('Version control undoes it.');
const losesWork = disturbs('Uncommitted work in the workspace is lost.', {
  kind: 'file.write',
  verb: 'delete',
});
const rewritesShared = destroys('It rewrites or deletes a branch that others share.', 'collection');
const rewritesOwn = disturbs('It rewrites a branch on the remote.');
const pushes = changesElsewhere('It publishes commits on a branch.');

export const git: Program = {
  programs: ['git', 'hub'],
  carries: {
    texts: [
      /^alias\.[\w-]+=!(.+)$/g,
      /^(?:core\.(?:pager|editor|sshCommand|fsmonitor|askPass|gitProxy)|pager\.[\w-]+|sequence\.editor|diff\.external|gpg\.program|credential\.helper|\w+tool\.\w+\.cmd)=!?(.+)$/gi,
    ],
    after:
      /^(?:alias\.[\w-]+|core\.(?:pager|editor|sshCommand|fsmonitor|askPass|gitProxy)|pager\.[\w-]+|sequence\.editor|diff\.external|diff\.\w+\.(?:command|textconv)|gpg\.program|credential\.(?:.*\.)?helper|\w+tool\.\w+\.cmd|filter\.\w+\.(?:clean|smudge|process)|remote\.\w+\.(?:uploadpack|receivepack))$/i,
    flags: ['--exec', '-x', '--upload-pack', '--receive-pack', '--extcmd', '--tree-filter', '--index-filter'],
  },
  valueFlags: [
    '-C',
    '-c',
    '--git-dir',
    '--work-tree',
    '--namespace',
    '-m',
    '--message',
    '-F',
    '--file',
    '--author',
    '--date',
    '-o',
    '--push-option',
    '--depth',
    '--format',
    '--pretty',
    '--exec',
    '--since',
    '--until',
    '--after',
    '--before',
    '-n',
    '-S',
    '-G',
    '-L',
    '-U',
  ],
  rules: [
    on('delete', {}, destroys('It deletes a repository.', 'collection')),
    on(
      '',
      {
        value:
          /^(?:alias\.[^=]*=!|core\.(?:sshCommand|pager|editor|fsmonitor|hooksPath)=|credential\.helper=|diff\.external=)/i,
      },
      escalates('A setting in the call makes git run a command of its own.'),
    ),
    on('push', { flags: ['--dry-run'] }, reads('It only tries what a push would do.')),
    on('push', { flags: ['--mirror'] }, { does: rewritesShared, target: 'git remote {0}, every branch' }),
    on('push', { flags: FORCE, operand: SHARED }, { does: rewritesShared, target: 'git branch {1} on {0}' }),
    on(
      'push',
      { flags: FORCE, operand: /^HEAD$|\*/ },
      { does: rewritesShared, target: 'git branches on {0} that may be shared' },
    ),
    on('push', { operand: /^\+.*\*/ }, { does: rewritesShared, target: 'every git branch on {0}' }),
    on(
      'push',
      { operand: /^\+(?:[^:]*:)?(?:refs\/heads\/)?(?:main|master|trunk|develop|production|release.*)$/ },
      { does: rewritesShared, target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { flags: ['--delete', '-d'], operand: /\*/ },
      { does: rewritesShared, target: 'git branches on {0}' },
    ),
    on(
      'push',
      { flags: ['--delete', '-d'], operand: SHARED },
      { does: rewritesShared, target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { operand: /^:(?:refs\/heads\/)?(?:main|master|trunk|develop|production|release.*)$/ },
      { does: rewritesShared, target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { flags: ['--delete', '-d'] },
      { does: removes('It deletes a branch on the remote.'), target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { operand: /^:./ },
      { does: removes('It deletes a branch on the remote.'), target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { flags: ['--force-with-lease', '--force-if-includes'], operand: SHARED },
      { does: rewritesShared, target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { flags: ['--force', '-f'], atMost: 1 },
      { does: rewritesShared, target: 'the current git branch, which may be shared' },
    ),
    on(
      'push',
      { flags: [...FORCE, '--force-with-lease'] },
      { does: rewritesOwn, target: 'git branch {1} on {0}' },
    ),
    on(
      'push',
      { operand: /^(?:heroku|dokku|production|prod|live|deploy|piku|caprover|scalingo|clever|gigalixir)$/ },
      deploys('It pushes to what is in service, and so deploys.'),
    ),
    on('push', { operand: /^\+/ }, { does: rewritesOwn, target: 'git branch {1} on {0}' }),
    on('push', {}, { does: pushes, target: 'git branch {1} on {0}' }),
    on('reset', { flags: ['--hard', '--merge'] }, losesWork),
    on('clean', { flags: ['-n', '--dry-run'] }, reads()),
    on('clean', { flags: ['-f', '--force', '-x', '-X', '-d'] }, losesWork),
    on('checkout', { flags: ['--ours', '--theirs'] }, local),
    on('checkout', { operand: /^(?:\.|:\/|\*)$/ }, losesWork),
    on('checkout', { flags: ['-f', '--force'] }, losesWork),
    on('restore', { without: ['--staged', '-S'], operand: /^(?:\.|:\/|\*)$/ }, losesWork),
    on('stash drop|clear', {}, losesWork),
    on(
      'branch',
      { flags: ['-D'] },
      changesLocally('It deletes a local branch that may not be merged.', 'delete'),
    ),
    on('filter-repo', { flags: ['--analyze'] }, reads()),
    on(
      'filter-branch|filter-repo',
      {},
      disturbs('It rewrites the whole local history.', { kind: 'file.write' }),
    ),
    on(
      'reflog expire|delete',
      {},
      destroys('It throws away what lost work could be recovered from.', 'object', 'file.delete'),
    ),
    on(
      'gc',
      { flags: ['--prune', '--prune=now', '--aggressive'] },
      disturbs('It throws away what lost work could be recovered from.', { kind: 'file.delete' }),
    ),
    on('update-ref', { flags: ['-d'] }, disturbs('It deletes a reference.', { kind: 'file.delete' })),
    on('config', { flags: ['--get', '--list', '-l', '--get-all', '--get-regexp'] }, reads()),
    on(
      'config',
      {
        words: [/^core\.editor$/, /^(?:n?vim?|nano|micro|emacs|hx|helix|code --wait|cursor --wait|subl -w)$/],
      },
      changesLocally('It changes which editor git opens.'),
    ),
    on(
      'config',
      {
        operand: /^(?:core\.(?:hooksPath|sshCommand|pager|editor|fsmonitor)|alias\.|credential\.|url\.)/,
        atLeast: 2,
      },
      disturbs('It changes what git runs or where it sends credentials.', { kind: 'file.write' }),
    ),
    on(
      'config',
      { flags: ['--global', '--system'] },
      changesLocally('It changes git settings outside the workspace.'),
    ),
    on(
      'tag',
      { flags: ['-l', '--list', '--points-at', '--contains', '--merged'], without: ['-d', '--delete'] },
      reads(),
    ),
    on('tag', { atMost: 0, without: ['-d', '--delete', '-F'] }, reads()),
    on(
      'stash|worktree|submodule|notes|lfs|bisect|sparse-checkout|bundle|remote|maintenance list|show|status|log|ls-files|verify|env|get-url|summary|view',
      {},
      reads(),
    ),
    on('apply', { flags: ['--check', '--stat', '--numstat', '--summary'], without: ['--apply'] }, reads()),
    on(
      'fsck|cherry|verify-commit|verify-tag|verify-pack|merge-tree|diff-files|diff-index|check-attr|check-mailmap|check-ref-format|archive|get-tar-commit-id|show-branch|patch-id|request-pull|interpret-trailers|column|annotate',
      { without: ['-o', '--output', '--lost-found', '--in-place'] },
      reads(),
    ),
    on('submodule foreach', {}, { runs: 'shell', from: { restAsText: 0 } }),
    on('rebase', { flags: ['--exec'] }, { runs: 'shell', from: { flag: ['--exec'] } }, local),
    on('rebase', { flags: ['-x'] }, { runs: 'shell', from: { operand: 0 } }, local),
    on('bisect run', {}, { wraps: 'command', skip: 0 }),
    on(
      'status|log|diff|show|branch|remote|describe|blame|rev-parse|rev-list|ls-files|ls-remote|ls-tree|cat-file|shortlog|reflog|grep|show-ref|symbolic-ref|for-each-ref|name-rev|merge-base|count-objects|help|version|whatchanged|range-diff|var|check-ignore|diff-tree',
      { without: ['-d', '-m', '--delete'] },
      reads(),
    ),
    on('fetch', {}, rebuilds('It fetches commits.')),
    on('', {}, local),
  ],
  otherwise: local,
  examples: [
    { run: "git -c alias.x='!dropdb app' x", tier: 4, points: 550 },
    { run: 'git status', tier: 0, points: 0 },
    { run: "git -c alias.x='!rm -rf /' x", tier: 4, points: 550 },
    { run: 'git commit -m "fix"', tier: 1, points: 0 },
    { run: 'git push origin feature', tier: 2, points: 5 },
    { run: 'git push --force origin feature', tier: 3, points: 20 },
    { run: 'git push --force origin main', tier: 4, points: 150 },
    { run: 'git push origin +main', tier: 4, points: 150 },
    { run: 'git push origin :main', tier: 4, points: 150 },
    { run: 'git push origin --delete feature', tier: 3, points: 20 },
    { run: 'git -C sub push -f origin HEAD:master', tier: 4, points: 150 },
    { run: 'git reset --hard HEAD~1', tier: 3, points: 20 },
    { run: 'git push --dry-run origin main', tier: 0, points: 0 },
  ],
};
