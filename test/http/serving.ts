/** A real server on a port of its own, over a data directory that goes when it closes, and a client to it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../src/config.js';
import { type LedgerReader, openLedgerReader, placeOf } from '../../src/ledger.js';
import { type RunningServer, type StartOptions, startServer } from '../../src/main.js';
import { chosenStore, leaveStore } from './chosen-store.js';

export type Unit = 'TOKENS' | 'CREDITS' | 'USD_MICROCENTS' | 'RISK_POINTS';

/** An answer, with a way into its body that needs no types. */
export class Reply {
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly text: string,
  ) {}

  get body(): unknown {
    return JSON.parse(this.text);
  }

  /** The value at a path such as `balances.0.remaining.amount`. */
  at(path: string): unknown {
    let value: unknown = this.body;
    for (const step of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
    return value;
  }

  /** Status and error code together, which is what most refusals are about. */
  get refused(): string {
    return `${this.status} ${String(this.at('error'))}`;
  }
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client hangs up. */
  readonly signal?: AbortSignal;
}

export class Serving {
  private keyCount = 0;

  private constructor(
    readonly server: RunningServer,
    private readonly config: Config,
  ) {}

  static async start(
    settings: Readonly<Record<string, string>> = {},
    options: StartOptions = {},
  ): Promise<Serving> {
    const given = settings['COUNTERSIGN_DATA_DIR'];
    const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'countersign-http-')));
    const env = {
      COUNTERSIGN_PORT: '0',
      COUNTERSIGN_DATA_DIR: dataDir,
      COUNTERSIGN_LOG_LEVEL: 'silent',
      ...(await chosenStore(dataDir)),
      ...settings,
    };
    const config = readConfig(env);
    return new Serving(await startServer(config, options), config);
  }

  get dataDir(): string {
    return this.config.dataDir;
  }

  /** The ledger, read beside the server. To be closed. */
  openLedger(): Promise<LedgerReader> {
    return openLedgerReader(placeOf(this.config));
  }

  async stop(): Promise<void> {
    await this.server.close();
    await leaveStore(this.dataDir);
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Sends a request; a body that is no text is sent as JSON. */
  async ask(method: string, path: string, { body, headers = {}, signal }: Ask = {}): Promise<Reply> {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    return new Reply(answer.status, answer.headers, await answer.text());
  }

  /** Asks as the operator. */
  asAdmin(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.ask(method, path, { body, headers: { 'x-admin-api-key': this.server.adminKey } });
  }

  /** Opens a tenant and a key of it. */
  async tenant(tenantId: string, key: Readonly<Record<string, unknown>> = {}): Promise<TenantClient> {
    await this.asAdmin('POST', '/v1/admin/tenants', { tenant_id: tenantId, name: tenantId });
    return this.client(tenantId, key);
  }

  /** A further key of a tenant. */
  async client(tenantId: string, key: Readonly<Record<string, unknown>> = {}): Promise<TenantClient> {
    this.keyCount += 1;
    const asked = { tenant_id: tenantId, name: `key ${this.keyCount}`, ...key };
    const issued = await this.asAdmin('POST', '/admin/api-keys', asked);
    if (issued.status !== 201) throw new Error(`no key: ${issued.text}`);
    return new TenantClient(this, tenantId, String(issued.at('key_secret')), String(issued.at('key_id')));
  }
}

/** What a tenant's program does with its key. */
export class TenantClient {
  constructor(
    readonly serving: Serving,
    readonly tenantId: string,
    readonly secret: string,
    readonly keyId: string,
    private count = 0,
  ) {}

  /** The same program with the same key, at another start of the server. */
  at(serving: Serving): TenantClient {
    return new TenantClient(serving, this.tenantId, this.secret, this.keyId, this.count);
  }

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.serving.ask(method, path, {
      body,
      headers: { 'x-cycles-api-key': this.secret, ...headers },
    });
  }

  /** A budget at a scope below the tenant, such as `/app:ide`, or at the tenant itself. */
  async budget(
    below: string,
    amount: number | string,
    options: Record<string, unknown> = {},
  ): Promise<Reply> {
    const unit = options['unit'] ?? 'TOKENS';
    const asked = {
      tenant_id: this.tenantId,
      scope: `tenant:${this.tenantId}${below}`,
      unit,
      allocated: { unit, amount: 0 },
      ...options,
    };
    const text = JSON.stringify(asked).replace('"amount":0', `"amount":${amount}`);
    const answer = await this.serving.asAdmin('POST', '/v1/admin/budgets', text);
    if (answer.status !== 201) throw new Error(`no budget: ${answer.text}`);
    return answer;
  }

  fund(
    operation: string,
    amount: number,
    extra: Record<string, unknown> = {},
    unit: Unit = 'TOKENS',
  ): Promise<Reply> {
    const query = `tenant_id=${this.tenantId}&scope=tenant:${this.tenantId}&unit=${unit}`;
    const body = { operation, amount: { unit, amount }, ...extra };
    return this.serving.asAdmin('POST', `/v1/admin/budgets/fund?${query}`, body);
  }

  reserve(amount: number, extra: Record<string, unknown> = {}): Promise<Reply> {
    return this.ask('POST', '/v1/reservations', this.proposal(amount, extra));
  }

  decide(amount: number, extra: Record<string, unknown> = {}): Promise<Reply> {
    return this.ask('POST', '/v1/decide', this.proposal(amount, extra));
  }

  /** Reserves, and answers the reservation's id. */
  async held(amount: number, extra: Record<string, unknown> = {}): Promise<string> {
    const reserved = await this.reserve(amount, extra);
    if (reserved.status !== 200) throw new Error(`nothing held: ${reserved.text}`);
    return String(reserved.at('reservation_id'));
  }

  commit(reservationId: string, amount: number, extra: Record<string, unknown> = {}): Promise<Reply> {
    return this.ask('POST', `/v1/reservations/${reservationId}/commit`, {
      idempotency_key: this.nextKey(),
      actual: { unit: 'TOKENS', amount },
      ...extra,
    });
  }

  release(reservationId: string, extra: Record<string, unknown> = {}): Promise<Reply> {
    const body = { idempotency_key: this.nextKey(), ...extra };
    return this.ask('POST', `/v1/reservations/${reservationId}/release`, body);
  }

  /** What the tenant's own budget has in a unit, as the read models show it. */
  async balance(unit: Unit = 'TOKENS', scope = `tenant:${this.tenantId}`): Promise<Record<string, unknown>> {
    const answer = await this.serving.asAdmin(
      'GET',
      `/v1/admin/budgets?tenant_id=${this.tenantId}&scope_prefix=${scope}&unit=${unit}`,
    );
    const ledgers = answer.at('ledgers') as Record<string, { amount: number }>[];
    const ledger = ledgers.find((candidate) => String(candidate['scope']) === scope);
    const fields = ['allocated', 'remaining', 'reserved', 'spent', 'debt'];
    return Object.fromEntries(fields.map((field) => [field, ledger?.[field]?.amount]));
  }

  nextKey(): string {
    this.count += 1;
    return `${this.keyId}-${this.count}`;
  }

  proposal(amount: number, extra: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      idempotency_key: this.nextKey(),
      subject: { tenant: this.tenantId },
      action: { kind: 'llm.completion', name: 'openai:gpt-4o-mini' },
      estimate: { unit: 'TOKENS', amount },
      ...extra,
    };
  }
}
