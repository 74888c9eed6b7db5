/** Mail over SMTP: one to each person, with a link to the page or, where the rule takes links, one of their own. */

import type { EmailSettings } from '../../domain/system/channel.events.js';
import { DeliveryFault, type Message, type Notifier, type OpenChannel } from '../../ports/notifier.port.js';
import { Told } from './told.js';

const CALL_LENGTH_MAX = 20_000;
const STEP_MS = 10_000;
/** Mails of one message that are under way at a time. */
const AT_ONCE_MAX = 5;

const told = new Told();

export const emailNotifier: Notifier = {
  async send(channel, message, signal) {
    const { settings } = channel;
    if (settings.kind !== 'email') throw new DeliveryFault('the channel is no mail', true);
    // Loaded by those alone who send mail.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(transportOf(channel, settings));
    const people = Object.entries(settings.people).filter(([name]) => !told.has(message.id, name));
    const faults: DeliveryFault[] = [];
    const sendInTurn = async (): Promise<void> => {
      for (let next = people.shift(); next !== undefined; next = people.shift()) {
        const [name, address] = next;
        try {
          await transport.sendMail({ ...mailTo({ name, address, from: settings.from }, message), signal });
          told.add(message.id, name);
        } catch (cause) {
          faults.push(faultOf(cause as SmtpError, signal));
          // One address that is refused is nobody else's trouble; anything else is everybody's.
          if ((cause as SmtpError).code !== 'EENVELOPE') people.length = 0;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE_MAX }, sendInTurn));
    // What may pass is worth another attempt, which finds out again what is refused for good.
    const fault = faults.find(({ isFinal }) => !isFinal) ?? faults[0];
    if (fault === undefined || fault.isFinal) told.forget(message.id);
    if (fault !== undefined) throw fault;
    return null;
  },
};

const transportOf = ({ secrets }: OpenChannel, { host, port, tls, username }: EmailSettings) => ({
  host,
  port,
  secure: tls === 'implicit',
  requireTLS: tls === 'starttls',
  ignoreTLS: tls === 'none',
  ...(username !== null && { auth: { user: username, pass: secrets['password'] ?? '' } }),
  connectionTimeout: STEP_MS,
  greetingTimeout: STEP_MS,
  socketTimeout: STEP_MS,
  // One that has been given up may hold the other end for as long as it likes.
  socketCloseTimeout: 0,
  // Whatever a message names as a file or an address is text and nothing else.
  disableFileAccess: true,
  disableUrlAccess: true,
});

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** What the server refuses for good, it refuses the next time as well. */
function faultOf(cause: SmtpError, signal: AbortSignal): DeliveryFault {
  if (signal.aborted) return new DeliveryFault('the mail server has not answered in time', false, { cause });
  const { code, responseCode } = cause;
  if (responseCode !== undefined) {
    return new DeliveryFault(`the mail server answered with ${responseCode}`, responseCode >= 500, { cause });
  }
  return new DeliveryFault(`the mail server cannot be used (${code ?? cause.name})`, code === 'EAUTH', {
    cause,
  });
}

/** The same mail has the same id however often it is sent, so that a repeat can be told. */
function mailTo(
  { name, address, from }: { readonly name: string; readonly address: string; readonly from: string },
  message: Message,
) {
  const { words, id } = message;
  return {
    from,
    to: { name: '', address },
    subject: words.title.replace(/\s+/g, ' '),
    messageId: `<${id}.${name.replace(/[^a-z0-9.-]/g, '-')}@countersign>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: textFor(name, message),
  };
}

function textFor(name: string, { words, question, pageUrl, linkFor }: Message): string {
  const { title, call, facts } = words;
  const link = linkFor(name);
  const isCut = call !== null && (call.length > CALL_LENGTH_MAX || question.call?.isWhole === false);
  return [
    `${title}.`,
    ...(call === null ? [] : ['', ...indented(call.slice(0, CALL_LENGTH_MAX))]),
    ...(isCut ? ['', 'This is not all of the call. The page has it as it is on record.'] : []),
    '',
    ...facts.map((fact) => `${fact.name}: ${fact.value}`),
    '',
    link === null
      ? 'Sign in to answer:'
      : 'Open this to answer. It stands for you: whoever has it answers in your name.',
    link ?? pageUrl,
    '',
    'Opening it decides nothing, and no answer is no yes.',
    '',
  ].join('\n');
}

const indented = (text: string): string[] => text.split('\n').map((line) => `    ${line}`);
