/** GET /finops/showback.html: a chargeback report for people, as a page to mail, save and print. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { READING, type Reading } from '../reading.js';
import { FINOPS, Route } from '../route.js';
import { ReportQueryDto, readChargeback } from './chargeback.controller.js';
import { showbackOf } from './showback.js';
import { showbackPage } from './showback-page.js';

/** Its own styles and nothing else: no script, nothing from elsewhere, no frame around it. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Disposition': 'inline; filename="countersign-showback.html"',
} as const;

@Controller('finops/showback.html')
export class ShowbackController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: FINOPS,
    query: ReportQueryDto,
    summary: 'The chargeback report as one HTML page with plain charts, to mail, save and print.',
  })
  async page(@Query() query: ReportQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const report = await readChargeback(this.reading, query);
    const page = showbackPage(showbackOf(report));
    reply.headers(HEADERS).type('text/html; charset=utf-8').send(page.text);
  }
}
