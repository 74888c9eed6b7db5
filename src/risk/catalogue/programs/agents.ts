/** Other agents that a call starts: what they do is not seen in the call, but by their own hooks. */
import { on, type Program } from '../program.js';
import { changesElsewhere, disturbs, reads } from '../verdicts.js';

const unchecked = disturbs('It starts an agent that asks nobody before it acts.', {
  verb: 'execute',
  kind: 'code.exec',
});

export const agents: Program = {
  programs: ['claude', 'cursor-agent', 'codex', 'gemini', 'aider', 'opencode'],
  valueFlags: ['-p', '--print', '--model', '-m', '--output-format', '--permission-mode', '--sandbox', '-s'],
  rules: [
    on('mcp|plugin|extensions|config list|get|show', {}, reads('It only reads.')),
    on(
      '',
      {
        flags: [
          '--dangerously-skip-permissions',
          '--dangerously-bypass-approvals-and-sandbox',
          '--full-auto',
          '--yolo',
          '--allow-all-tools',
          '--allow-all',
          '--yes-always',
          '-f',
          '--force',
          '-y',
        ],
      },
      unchecked,
    ),
    on('mcp|plugin|extensions|config', {}, disturbs('It changes what an agent can reach.')),
  ],
  otherwise: changesElsewhere('It starts an agent.', { verb: 'execute', kind: 'code.exec' }),
  examples: [
    { run: 'claude --version', tier: 0, points: 0 },
    { run: 'claude -p "fix the tests"', tier: 2, points: 5 },
    { run: 'claude -p x --dangerously-skip-permissions', tier: 3, points: 20 },
    { run: 'cursor-agent -f', tier: 3, points: 20 },
  ],
};
