/** Nest on our own Fastify instance. */

import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** Without the middleware engine, which would run for every request and has nothing to do here. */
export class RouterAdapter extends FastifyAdapter {
  constructor(server: FastifyInstance) {
    super(server as never);
  }

  override async init(): Promise<void> {}
}
