/** Health, as probes and existing clients ask for it, and metrics for operators. */

import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ANYONE, READER, Route } from '../route.js';
import { METRICS, type Metrics } from './metrics.js';
import { READINESS, type Readiness } from './readiness.js';

@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly readiness: Readiness,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  /** The process answers. */
  @Get(['health/live', 'actuator/health/liveness'])
  @Route({ access: ANYONE, summary: 'Whether the process answers.' })
  live(@Res() reply: FastifyReply): void {
    reply.send({ status: 'UP' });
  }

  /** The process can do its work; 503 says what it cannot. */
  @Get(['health/ready', 'actuator/health', 'actuator/health/readiness'])
  @Route({ access: ANYONE, summary: 'Whether the process can do its work, and what it cannot.' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = Object.entries(await this.readiness.report());
    const problems = report.flatMap(([, sentences]) => sentences);
    const components = Object.fromEntries(report.map(([name, found]) => [name, componentOf(found)]));
    if (problems.length === 0) reply.send({ status: 'UP', components });
    else reply.code(503).send({ status: 'DOWN', components, problems });
  }

  @Get('metrics')
  @Route({ access: READER, summary: 'Metrics in the format of Prometheus.' })
  async print(@Res() reply: FastifyReply): Promise<void> {
    reply.type(this.metrics.contentType).send(await this.metrics.print());
  }
}

const componentOf = (problems: readonly string[]): object =>
  problems.length === 0 ? { status: 'UP' } : { status: 'DOWN', problems };
