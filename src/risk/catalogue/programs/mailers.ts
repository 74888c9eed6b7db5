/** Programs that send mail. */
import { on, type Program } from '../program.js';
import { disturbs, reads } from '../verdicts.js';

export const mailers: Program = {
  programs: ['mail', 'mailx', 'sendmail', 'mutt', 'msmtp', 'swaks'],
  valueFlags: ['-s', '-a', '-r', '-c', '-b'],
  rules: [on('', { flags: ['-V'] }, reads())],
  otherwise: disturbs('It sends mail to people.', { verb: 'send', kind: 'message.email.send' }),
  examples: [{ run: 'mail -s hello ann@example.com', tier: 3, points: 20 }],
};
