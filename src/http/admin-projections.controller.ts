/** /admin/projections: how far the read models are, and rebuilding them while queries are answered. */

import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HttpFailure } from './failure.js';
import { printExact } from './json.js';
import { READING, type Reading } from './reading.js';
import { OPERATOR, READER, Route } from './route.js';

/** How often a rebuild says how far it is, in ms. */
const PROGRESS_MS = 200;

@Controller('admin/projections')
export class AdminProjectionsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({ access: READER, summary: 'How far each read model is.' })
  list(@Res() reply: FastifyReply): void {
    const { projections, head } = this.reading.status();
    reply.type('application/json; charset=utf-8').send(printExact({ head, projections }));
  }

  /** Rebuilds one read model, or `all`. Answers a line of JSON for each step, the last one with the result. */
  @Post(':name/rebuild')
  @Route({ access: OPERATOR, summary: 'Rebuilds a read model while it answers.' })
  rebuild(@Param('name') name: string, @Res() reply: FastifyReply): void {
    const known = this.reading.status().projections.map((projection) => projection.name);
    if (name !== 'all' && !known.includes(name)) {
      const message = `There is no read model ${name}; there are ${known.join(', ')}, and all.`;
      throw new HttpFailure(404, 'NOT_FOUND', message, { field: 'name' });
    }
    const steps = this.steps(name === 'all' ? known : [name]);
    reply.code(200).type('application/x-ndjson').send(Readable.from(steps));
  }

  private async *steps(names: readonly string[]): AsyncGenerator<string> {
    let end: { status: string; message?: string } | null = null;
    const rebuilding = this.reading.rebuild(names).then(
      () => {
        end = { status: 'rebuilt' };
      },
      (error: unknown) => {
        end = { status: 'failed', message: error instanceof Error ? error.message : 'The rebuild failed.' };
      },
    );
    while (end === null) {
      for (const step of this.progress(names)) yield line(step);
      await Promise.race([rebuilding, new Promise((resolve) => setTimeout(resolve, PROGRESS_MS))]);
    }
    yield line(end);
  }

  private progress(names: readonly string[]): object[] {
    const { projections, head } = this.reading.status();
    return projections
      .filter(({ name, rebuilding }) => names.includes(name) && rebuilding !== null)
      .map(({ name, rebuilding }) => ({ status: 'building', name, position: rebuilding, head }));
  }
}

const line = (value: object): string => `${printExact(value)}\n`;
