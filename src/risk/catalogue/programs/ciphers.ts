/** Programs that decode or decrypt what they are fed, or speak through an encrypted connection. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, rebuilds, unseen } from '../verdicts.js';

export const ciphers: Program = {
  programs: ['openssl', 'gpg', 'age', 'base32', 'basenc', 'uudecode'],
  valueFlags: ['-in', '-out', '-o', '--output', '-connect', '-k', '-pass'],
  singleDash: true,
  extractor: 'socket',
  prints: 'decoded',
  rules: [
    on(
      '',
      { flags: ['--delete-secret-keys', '--delete-secret-key', '--delete-secret-and-public-key'] },
      destroys('It deletes a secret key.', 'object', 'file.delete'),
    ),
    on('s_client', { piped: true }, unseen(disturbs(''), 'What it sends to another host cannot be seen.')),
    on(
      '',
      { flags: ['-in', '-out', '-o', '--output'] },
      { touches: 'read', flag: ['-in'] },
      { touches: 'write', flag: ['-out', '-o', '--output'] },
    ),
  ],
  otherwise: rebuilds('It encodes, decodes or makes a key.'),
  examples: [
    { run: 'openssl rand -hex 32', tier: 1, points: 0 },
    { run: 'openssl base64 -d < x | sh', tier: 4, points: 50 },
  ],
};
