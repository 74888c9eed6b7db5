/** Says something about a question through one kind of channel. */

import type { Channel, NoticeAbout } from '../domain/system/channel.events.js';
import type { Question } from './questions.port.js';

/** A channel with its secrets, for as long as something is sent. */
export interface OpenChannel extends Channel {
  readonly secrets: Readonly<Record<string, string>>;
}

/** A question in words for people, with nothing in it that one cannot see. */
export interface Words {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The call as it would run; null for a plain reservation. */
  readonly call: string | null;
  /** What became of it; null as long as it is open. */
  readonly outcome: string | null;
}

/** What is to be said. */
export interface Message {
  /** The same for each attempt, so that a receiver can tell a repeat. */
  readonly id: string;
  readonly about: NoticeAbout;
  readonly question: Question;
  readonly words: Words;
  /** The page of the question, on which whoever opens it signs in. */
  readonly pageUrl: string;
  /** A link that stands for one person, where the question takes links; null where that person signs in. */
  readonly linkFor: (operatorName: string) => string | null;
  /** What the receiver called the message that said it first; null where there is none. */
  readonly reference: string | null;
}

/** It did not arrive. */
export class DeliveryFault extends Error {
  override readonly name = 'DeliveryFault';
  /** @param isFinal whether trying again cannot help */
  constructor(
    message: string,
    readonly isFinal: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Notifier {
  /**
   * Delivers once.
   * @returns what the receiver calls it, if it can be changed there
   * @throws DeliveryFault
   */
  send(channel: OpenChannel, message: Message, signal: AbortSignal): Promise<string | null>;
}

export type Notifiers = Readonly<Record<Channel['settings']['kind'], Notifier>>;
