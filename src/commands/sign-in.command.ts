/** Signs a person in with their password. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { SystemRefusal } from '../domain/system/system.refusals.js';

export type SignInAnswer =
  | {
      readonly kind: 'signed_in';
      /** The bearer token, answered this one time and stored nowhere. */
      readonly token: string;
      readonly operatorId: OperatorId;
      readonly expiresAtMs: number;
    }
  | {
      readonly kind: 'refused';
      readonly refusal: SystemRefusal;
      /** Whom the password was meant for; null when there is no such person. For the record, never for the answer. */
      readonly operatorId: OperatorId | null;
    };

export class SignInCommand extends Command<SignInAnswer> {
  constructor(
    /** As for the person: the origin's actor is set once it is known who they are. */
    readonly origin: Omit<Origin, 'actor'>,
    readonly asked: {
      readonly name: string;
      readonly password: string;
      /** Replaces the password; needed when it is a one-time password. */
      readonly newPassword: string | null;
    },
  ) {
    super();
  }
}
