/** Checks a password away from the deciding thread, then opens a session under a new random token. */

import { randomBytes } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type SystemRefusal, systemRefusal } from '../domain/system/system.refusals.js';
import type { Operator } from '../domain/system/system.state.js';
import type { Clock } from '../ports/clock.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import type { Passwords } from '../ports/passwords.port.js';
import { type SignInAnswer, SignInCommand } from './sign-in.command.js';
import { CLOCK, IDS, KEYRING, PASSWORDS, SYSTEM, type SystemWriter } from './writers.js';

const TOKEN_PREFIX = 'cso_';
const TOKEN_BYTES = 32;
/** However much it is used, a session ends. */
const SESSION_MS = 12 * 60 * 60 * 1000;
const PASSWORD_LENGTH_MIN = 12;

@CommandHandler(SignInCommand)
export class SignInHandler implements ICommandHandler<SignInCommand> {
  constructor(
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(PASSWORDS) private readonly passwords: Passwords,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** An unknown name, a disabled person and a wrong password take the same time and get the same answer. */
  async execute({ origin, asked }: SignInCommand): Promise<SignInAnswer> {
    await this.system.refresh();
    const operator = this.operatorNamed(asked.name);
    const isActive = operator !== null && operator.disabledAtMs === null;
    const isRight = await this.passwords.verify(asked.password, isActive ? operator.password.hash : null);
    if (!isActive || !isRight) return refused(INVALID, operator);
    const weak = weaknessOf(asked.newPassword, asked.password);
    if (weak !== null) return refused(weak, operator);
    return this.open(operator, asked.newPassword, origin);
  }

  private async open(
    { operatorId, password }: Operator,
    newPassword: string | null,
    origin: SignInCommand['origin'],
  ): Promise<SignInAnswer> {
    const chosen =
      newPassword === null ? null : { hash: await this.passwords.hash(newPassword), oneTime: false };
    const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
    const session = {
      operatorId,
      sessionId: this.ids.eventId(),
      tokenHash: this.keyring.hashSecret(token),
      expiresAtMs: this.clock.now() + SESSION_MS,
    };
    const command = { type: 'SignIn' as const, session, checkedHash: password.hash, chosen };
    const answer = await this.system.execute(command, {
      ...origin,
      actor: { type: 'operator', operatorId },
    });
    if (answer.kind === 'refused') return { ...answer, operatorId };
    return { kind: 'signed_in', token, operatorId, expiresAtMs: session.expiresAtMs };
  }

  private operatorNamed(name: string): Operator | null {
    const { idsByName, operators } = this.system.current;
    const operatorId = idsByName.get(name.toLowerCase());
    return (operatorId && operators.get(operatorId)) ?? null;
  }
}

const INVALID = systemRefusal('credentials_invalid', 'The name or the password is not valid.');

const refused = (refusal: SystemRefusal, operator: Operator | null): SignInAnswer => ({
  kind: 'refused',
  refusal,
  operatorId: operator?.operatorId ?? null,
});

/** What is wrong with a chosen password; null when nothing is. */
function weaknessOf(chosen: string | null, current: string): SystemRefusal | null {
  if (chosen === null) return null;
  const isShort = [...chosen].length < PASSWORD_LENGTH_MIN;
  if (!isShort && chosen !== current) return null;
  const message = isShort
    ? `new_password must have at least ${PASSWORD_LENGTH_MIN} characters.`
    : 'new_password must differ from the password.';
  return systemRefusal('password_weak', message, 'new_password');
}
