/** Decides what becomes of the people who operate the server. Pure; who may ask is settled by the caller's role. */

import type { OperatorId } from '../ids.js';
import { decideChannel } from './channel.decider.js';
import type {
  AddOperator,
  ChangeOperator,
  RegisterPasskey,
  SignIn,
  SystemCommand,
} from './system.commands.js';
import type { Authority, SystemEvent } from './system.events.js';
import { isSystemRefusal, type SystemRefusal, systemRefusal } from './system.refusals.js';
import { type Operator, passkeysOf, type SystemState } from './system.state.js';

/** A name that can be typed, said and read in a log; `@` and `.` let it be a mail address. */
export const OPERATOR_NAME = /^[a-z0-9][a-z0-9._@+-]{0,127}$/;
const TENANT = /^[a-z0-9-]{3,64}$/;
const GROUP = /^[a-zA-Z0-9_.-]{1,128}$/;

/** The events that carry out a command, or why it is refused. */
export function decideSystem(command: SystemCommand, state: SystemState): SystemEvent[] | SystemRefusal {
  switch (command.type) {
    case 'AddOperator':
      return addOperator(command, state);
    case 'ChangeOperator':
      return changeOperator(command, state);
    case 'DisableOperator': {
      const { operatorId, reason } = command;
      const operator = state.operators.get(operatorId);
      if (operator === undefined) return unknown(operatorId);
      // Disabled once is disabled: asking again changes nothing and succeeds.
      if (operator.disabledAtMs !== null) return [];
      return [{ type: 'OperatorDisabled', data: { operatorId, reason } }];
    }
    case 'SignIn':
      return signIn(command, state);
    case 'SignOut': {
      const { operatorId, sessionId } = command;
      const isOpen = [...state.sessions.values()].some((session) => session.sessionId === sessionId);
      return isOpen ? [{ type: 'OperatorSignedOut', data: { operatorId, sessionId } }] : [];
    }
    case 'RegisterPasskey':
      return registerPasskey(command, state);
    case 'RemovePasskey': {
      const { operatorId, credentialId } = command;
      const known = passkeysOf(operatorId, state).some((passkey) => passkey.credentialId === credentialId);
      if (!known) return systemRefusal('passkey_not_found', 'You have no such passkey.');
      return [{ type: 'PasskeyRemoved', data: { operatorId, credentialId } }];
    }
    case 'RecordRefusedAccess':
      return [{ type: 'AccessRefused', data: command.refused }];
    case 'SetChannel':
    case 'RemoveChannel':
    case 'TakeNotice':
    case 'RecordNotice':
      return decideChannel(command, state);
  }
}

function addOperator({ type: _, ...data }: AddOperator, state: SystemState): SystemEvent[] | SystemRefusal {
  if (!OPERATOR_NAME.test(data.name)) {
    return systemRefusal('operator_invalid', `name must match ${OPERATOR_NAME.source}.`, 'name');
  }
  const wrong = wrongIn(data);
  if (wrong) return wrong;
  if (state.idsByName.has(data.name)) {
    return systemRefusal('operator_exists', `There is or was an operator ${data.name}.`, 'name');
  }
  return [{ type: 'OperatorAdded', data }];
}

function changeOperator(
  { operatorId, changes }: ChangeOperator,
  state: SystemState,
): SystemEvent[] | SystemRefusal {
  const operator = activeOperator(operatorId, state);
  if (isSystemRefusal(operator)) return operator;
  const wrong = wrongIn({ ...operator, ...changes });
  if (wrong) return wrong;
  if (Object.keys(changes).length === 0) return [];
  return [{ type: 'OperatorChanged', data: { operatorId, changes } }];
}

/** What is wrong with an authority; null when nothing is. */
function wrongIn({ roles, tenants, groups }: Authority): SystemRefusal | null {
  if (roles.length === 0) return systemRefusal('operator_invalid', 'roles must name at least one.', 'roles');
  if (tenants !== null && (tenants.length === 0 || !tenants.every((id) => TENANT.test(id)))) {
    const message = 'tenants must name at least one tenant, each by its id; leave it out for all.';
    return systemRefusal('operator_invalid', message, 'tenants');
  }
  if (!groups.every((group) => GROUP.test(group))) {
    return systemRefusal('operator_invalid', `each of groups must match ${GROUP.source}.`, 'groups');
  }
  return null;
}

/** More devices than anybody approves from. */
const PASSKEYS_MAX = 10;

function registerPasskey(
  { operatorId, passkey }: RegisterPasskey,
  state: SystemState,
): SystemEvent[] | SystemRefusal {
  const operator = activeOperator(operatorId, state);
  if (isSystemRefusal(operator)) return operator;
  for (const known of state.passkeys.values()) {
    if (known.some(({ credentialId }) => credentialId === passkey.credentialId)) {
      return systemRefusal('passkey_exists', 'This passkey is registered already.');
    }
  }
  if (passkeysOf(operatorId, state).length >= PASSKEYS_MAX) {
    return systemRefusal('passkey_limit', `You have ${PASSKEYS_MAX} passkeys, the most there can be.`);
  }
  return [{ type: 'PasskeyRegistered', data: { operatorId, passkey } }];
}

/** The password is checked before, away from the deciding thread; here it must still be the one that counts. */
function signIn({ session, checkedHash, chosen }: SignIn, state: SystemState): SystemEvent[] | SystemRefusal {
  const { operatorId } = session;
  const operator = activeOperator(operatorId, state);
  if (isSystemRefusal(operator) || operator.password.hash !== checkedHash) {
    return systemRefusal('credentials_invalid', 'The name or the password is not valid.');
  }
  if (operator.password.oneTime && chosen === null) {
    const message = 'This password is good for one sign-in: choose another and send it as new_password.';
    return systemRefusal('password_used_up', message, 'new_password');
  }
  const signedIn: SystemEvent = { type: 'OperatorSignedIn', data: session };
  if (chosen === null) return [signedIn];
  return [{ type: 'OperatorChanged', data: { operatorId, changes: { password: chosen } } }, signedIn];
}

function activeOperator(operatorId: OperatorId, state: SystemState): Operator | SystemRefusal {
  const operator = state.operators.get(operatorId);
  if (operator === undefined) return unknown(operatorId);
  if (operator.disabledAtMs === null) return operator;
  return systemRefusal('operator_disabled', `The operator ${operator.name} is disabled.`);
}

const unknown = (operatorId: string): SystemRefusal =>
  systemRefusal('operator_not_found', `The operator ${operatorId} does not exist.`);
