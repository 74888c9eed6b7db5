/** /audit/export: the audit record as a file, written while it is read. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ActionFilter, ActionView } from '../../projections/actions/actions.queries.js';
import { CSV_TYPE } from '../csv.js';
import { READING, type Reading } from '../reading.js';
import { AUDITOR, Route } from '../route.js';
import { actionFilterOf, type ExportFormat, ExportQueryDto } from './action.dto.js';
import { csvExport, ndjsonExport } from './export.js';
import { sendLong } from './streaming.js';

const PAGE_ACTIONS = 200;
const WRITERS = { ndjson: ndjsonExport, csv: csvExport } as const;
const TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: CSV_TYPE,
};

@Controller('audit/export')
export class ExportController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  /** Oldest first, up to what is in the ledger when it is asked for. */
  @Get()
  @Route({
    access: AUDITOR,
    query: ExportQueryDto,
    summary: 'The record as NDJSON or CSV; its last line says that it is whole.',
  })
  async export(@Query() query: ExportQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const { format = 'ndjson' } = query;
    const filter = actionFilterOf(query);
    await this.reading.catchUp();
    const upToNow = { ...filter, positionMax: this.reading.status().head };
    reply.header('Content-Disposition', `attachment; filename="countersign-actions.${format}"`);
    await sendLong(reply, WRITERS[format](this.actions(upToNow)), TYPES[format]);
  }

  private async *actions(filter: ActionFilter): AsyncGenerator<ActionView> {
    let cursor: string | null = null;
    do {
      const page = { limit: PAGE_ACTIONS, cursor };
      const { items, nextCursor } = await this.reading.actions.list(filter, page, 'asc');
      yield* items;
      cursor = nextCursor;
    } while (cursor !== null);
  }
}
