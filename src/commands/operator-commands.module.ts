/** The command handlers that concern the people who operate the server, and how they are reached. */

import { Module } from '@nestjs/common';
import { AddOperatorHandler } from './add-operator.handler.js';
import { ChangeOperatorHandler } from './change-operator.handler.js';
import { DisableOperatorHandler } from './disable-operator.handler.js';
import { RegisterPasskeyHandler } from './register-passkey.handler.js';
import { RemoveChannelHandler } from './remove-channel.handler.js';
import { RemovePasskeyHandler } from './remove-passkey.handler.js';
import { ResetOperatorHandler } from './reset-operator.handler.js';
import { SetChannelHandler } from './set-channel.handler.js';
import { SignInHandler } from './sign-in.handler.js';
import { SignOutHandler } from './sign-out.handler.js';

@Module({
  providers: [
    AddOperatorHandler,
    ChangeOperatorHandler,
    DisableOperatorHandler,
    RegisterPasskeyHandler,
    RemovePasskeyHandler,
    RemoveChannelHandler,
    SetChannelHandler,
    ResetOperatorHandler,
    SignInHandler,
    SignOutHandler,
  ],
})
export class OperatorCommandsModule {}
