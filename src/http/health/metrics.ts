/** What is counted, and how it is exposed to Prometheus. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Injects `Metrics`. */
export const METRICS = Symbol('Metrics');

/** Numbers of a part of the server, by name; asked for when metrics are read. */
export type Source = () => Readonly<Record<string, number>>;

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export class Metrics {
  private readonly registry = new Registry();
  private readonly durations = new Histogram({
    name: 'countersign_http_request_duration_seconds',
    help: 'Time from a request’s arrival to its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts an answered request under its route, never under its path, whose values are without number. */
  observe(request: FastifyRequest, reply: FastifyReply): void {
    const { method = 'GET', url = 'unknown' } = request.routeOptions;
    this.durations.observe(
      { method: String(method), route: url, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  }

  /** Exposes each number of a source as `countersign_<part>{name="…"}`. */
  add(part: string, source: Source): void {
    new Gauge({
      name: `countersign_${part}`,
      help: `Numbers of the ${part.replaceAll('_', ' ')}.`,
      labelNames: ['name'],
      registers: [this.registry],
      collect() {
        for (const [name, value] of Object.entries(source())) this.set({ name }, value);
      },
    });
  }

  /** The text format of Prometheus. */
  print(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
