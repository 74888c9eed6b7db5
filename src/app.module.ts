/** The composition root: opens the adapters, binds them to their ports, and puts the application together. */

import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { openAssessor } from './adapters/assessor/assessor.js';
import { emailNotifier } from './adapters/email/email.js';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { webAuthn } from './adapters/passkeys/passkeys.js';
import { openPasswords } from './adapters/passwords/passwords.js';
import { WorkerSnapshotStore } from './adapters/read-store/snapshots.js';
import { openReadStore } from './adapters/read-store/store.js';
import { openKeyring } from './adapters/signing/keyring.js';
import { isFromSlack, slackNotifier, whisper } from './adapters/slack/slack.js';
import { systemClock } from './adapters/system/clock.js';
import { createIds } from './adapters/system/ids.js';
import { isSignedBy, webhookNotifier } from './adapters/webhook/webhook.js';
import { ApprovalLinks } from './commands/approval-links.js';
import { Approvers } from './commands/approvers.js';
import { CHANNEL_DESK, QUESTIONS, WAYS_BACK } from './commands/channels.js';
import { CommandsModule } from './commands/commands.module.js';
import { OperatorCommandsModule } from './commands/operator-commands.module.js';
import {
  APPROVAL_ANSWERS,
  APPROVERS,
  ASSESSOR,
  CLOCK,
  IDS,
  KEYRING,
  PASSWORDS,
  SYSTEM,
  WRITERS,
} from './commands/writers.js';
import { type Config, openSecrets, readModelsPath, type Secrets, snapshotsPath } from './config.js';
import { AdminModule } from './http/admin/admin.module.js';
import { OperatorsModule } from './http/admin/operators.module.js';
import { ApprovalsModule } from './http/approvals/approvals.module.js';
import { AuditModule } from './http/audit/audit.module.js';
import { Authentication } from './http/authentication.js';
import { ChannelsModule } from './http/channels/channels.module.js';
import { coalesced } from './http/coalesced.js';
import { COOKIE_SESSIONS, CookieSessions } from './http/cookie-sessions.js';
import { KeyDirectory } from './http/directory.js';
import { FinopsModule } from './http/finops/finops.module.js';
import { GateModule } from './http/gate/gate.module.js';
import { HealthModule } from './http/health/health.module.js';
import { METRICS, type Metrics } from './http/health/metrics.js';
import { READINESS, Readiness } from './http/health/readiness.js';
import { serverMetrics } from './http/health/server-metrics.js';
import { NotificationsModule } from './http/notifications/notifications.module.js';
import { CEREMONIES, Ceremonies } from './http/pages/ceremonies.js';
import { PagesModule } from './http/pages/pages.module.js';
import { Tickets } from './http/pages/tickets.js';
import { People } from './http/people.js';
import { PUBLIC_ADDRESS, PublicAddress } from './http/public-address.js';
import { READING, type Reading } from './http/reading.js';
import { REFUSED_ACCESS, RefusedAccess } from './http/refused-access.js';
import { RuntimeModule } from './http/runtime/runtime.module.js';
import { type TenantFinders, tenantLimits } from './http/tenant-limits.js';
import { eventAtIn, openLedger, placeOf, sourceOver } from './ledger.js';
import type { Assessor } from './ports/assessor.port.js';
import type { WaysBack } from './ports/channel-desk.port.js';
import type { EventStore } from './ports/event-store.port.js';
import type { Keyring } from './ports/keyring.port.js';
import type { Passwords } from './ports/passwords.port.js';
import type { Questions } from './ports/questions.port.js';
import { type ReadStore, ReadStoreFault } from './ports/read-store.port.js';
import type { SnapshotStore } from './ports/snapshot-store.port.js';
import { ReadModelAnswers } from './projections/approvals/answers.js';
import { ReadModelQuestions } from './projections/approvals/questions.js';
import { createReadModels, type ReadModels } from './projections/read-models.js';
import { ApprovalNotices } from './reactors/approval-notices.reactor.js';
import { defaultRegistry, plainProfile, type RiskRegistry } from './risk/index.js';
import { SystemWriter } from './writer/system-writer.js';
import { createWriters, type Writers } from './writer/writers.js';

export interface PartsOptions {
  readonly config: Config;
  readonly log: Logger;
  /** What the risk engine is told beside what it ships with. */
  readonly registry?: Partial<RiskRegistry>;
  /** Told once, and why, when the event store cannot be reached; it is waited for. */
  readonly onStoreAway: (reason: string) => Promise<void>;
  /** Told when the read models' database cannot be reached, after the log has said so; it is waited for. */
  readonly onReadStoreAway: () => Promise<void>;
}

/** Everything that was opened, and how to let go of it. */
export interface Parts {
  readonly secrets: Secrets;
  readonly store: EventStore;
  /** What stands against writing the ledger from here, in a sentence. */
  readonly ledgerProblem: () => string | null;
  readonly readStore: ReadStore;
  readonly readModels: ReadModels;
  readonly writers: Writers;
  readonly system: SystemWriter;
  readonly passwords: Passwords;
  readonly refused: RefusedAccess;
  readonly keyring: Keyring;
  readonly assessor: Assessor;
  readonly cookies: CookieSessions;
  readonly answers: ReadModelAnswers;
  readonly questions: Questions;
  /** Tells people about questions, from when it is started. */
  readonly notices: ApprovalNotices;
  readonly publicAddress: PublicAddress;
  readonly authentication: Authentication;
  readonly metrics: Metrics;
  /** Tells the risk engine where the gate turned out to listen, so that it knows itself by that address. */
  listensAt(url: string): void;
  /** Drains the writers, then closes what they write to. */
  close(): Promise<void>;
}

/**
 * Opens all adapters, the ledger first, since its lock keeps a second process out of the data directory.
 * @throws ConfigError, StoreOpenError, ReadStoreFault, RangeError, holding nothing and leaving no new keys behind
 */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { config, log, registry, onStoreAway, onReadStoreAway } = options;
  let secrets: Secrets | null = null;
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const ledger = await openLedger(config, log, onStoreAway);
    opened.push(() => ledger.close());
    const { store } = ledger;
    secrets = openSecrets(config);
    const keyring = openKeyring(secrets.masterKey);
    const readStore = await openReadStore({
      worker: new URL('./read-worker.js', import.meta.url),
      eventStore: placeOf(config),
      readStorePath: readModelsPath(config.dataDir),
      postgres: config.readStore,
      onTrouble: (message) => log.error(message),
      onAway: onReadStoreAway,
    });
    opened.push(() => readStore.close());
    const snapshots = new WorkerSnapshotStore({
      worker: new URL('./snapshot-worker.js', import.meta.url),
      eventStore: placeOf(config),
      snapshotsPath: snapshotsPath(config.dataDir),
      macKey: keyring.snapshotMacKey,
      onTrouble: (message) => log.warn(message),
    });
    opened.push(() => snapshots.close());
    let risk = registryOf(config, registry);
    const assessor = await openAssessor({ registry: () => risk, profile: plainProfile() });
    opened.push(() => assessor.close());
    const { writers, readModels, system } = await connect({
      store,
      readStore,
      snapshots,
      log,
      isShared: config.eventStore !== null,
    });
    opened.push(() => writers.drain());
    opened.push(() => system.drain());
    const passwords = openPasswords((text) => keyring.digest(text));
    opened.push(() => passwords.close());
    const refused = new RefusedAccess(system, systemClock, log);
    const cookies = new CookieSessions(keyring, config.publicUrl);
    const publicAddress = new PublicAddress(config.publicUrl);
    opened.push(async () => refused.drain());
    const questions = new ReadModelQuestions(readModels.approvals, readModels.actions, readModels.catchUp);
    const notices = new ApprovalNotices({
      system,
      questions,
      notifiers: { slack: slackNotifier, webhook: webhookNotifier, email: emailNotifier },
      keyring,
      links: new ApprovalLinks(keyring),
      pageOf: publicAddress.approvalPage,
      clock: systemClock,
      onTrouble: (error, what) => log.warn({ err: error }, what),
    });
    opened.push(() => notices.stop());
    return {
      secrets,
      store,
      ledgerProblem: ledger.problem,
      readStore,
      readModels,
      writers,
      keyring,
      assessor,
      system,
      passwords,
      refused,
      cookies,
      answers: answersOf(readModels, log),
      questions,
      notices,
      authentication: new Authentication({
        adminKey: secrets.adminKey,
        directory: new KeyDirectory(keyring, (hash) => readModels.directory.ownerOfSecret(hash)),
        people: new People(system, keyring, systemClock),
        cookies,
        refused,
        limits: tenantLimits(findersOver(readModels)),
      }),
      metrics: serverMetrics({ store, readStore, writers, desk: notices }),
      publicAddress,
      listensAt: (url) => {
        publicAddress.listensAt(url);
        risk = registryOf(config, registry, [url]);
      },
      close: closeAll,
    };
  } catch (error) {
    secrets?.forget();
    await closeAll();
    throw error;
  }
}

/** Whoever waits for people asks the read model what changed. */
const answersOf = ({ approvals }: ReadModels, log: Logger): ReadModelAnswers =>
  new ReadModelAnswers(approvals, systemClock, (error) =>
    log.warn({ err: error }, 'answers to approvals cannot be read'),
  );

/** Where the ids in a path are looked up, for people who operate some tenants only. */
const findersOver = ({ approvals, directory, notifications, periods }: ReadModels): TenantFinders => ({
  key_id: (id) => directory.tenantOfKey(id),
  reservation_id: (id) => directory.tenantOfReservation(id),
  id: (id) => directory.tenantOfAction(id),
  approval_id: async (id) => (await approvals.get(id))?.tenantId ?? null,
  event_id: async (id) => (await notifications.find(id))?.tenantId ?? null,
  period_id: async (id) => (await periods.find(id))?.tenantId ?? null,
  charge_id: async (id) => (await directory.charge(id))?.tenantId ?? null,
});

interface Connected {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly snapshots: SnapshotStore;
  readonly log: Logger;
  /** Whether other nodes write the same ledger. */
  readonly isShared: boolean;
}

/** Time between two looks for ids and keys that nobody knows, in ms: a flood of them must not become one of reads. */
const UNKNOWN_GAP_MS = 100;
const CATCH_UP_MS = 2_000;

/** Waits until the read models have all that is in the ledger, whoever wrote it, once for all who ask meanwhile. */
const catchUpWithAll = (store: EventStore, readStore: ReadStore): (() => Promise<void>) =>
  coalesced(
    async () => {
      const head = await store.headPosition().catch((cause) => {
        throw new ReadStoreFault('the ledger cannot be read', 'fault', { cause });
      });
      readStore.notify(head);
      if (await readStore.waitFor(head, CATCH_UP_MS)) return;
      throw new ReadStoreFault('the read models have not caught up with the ledger in time', 'fault');
    },
    { gapMs: UNKNOWN_GAP_MS, clock: systemClock },
  );

/** Writers and read models know of each other: the ones look up what has left memory, the others wait for them. */
async function connect({ store, readStore, snapshots, log, isShared }: Connected) {
  const headAtStart = await store.headPosition();
  const system = await SystemWriter.open({
    store,
    codec: createEventCodec(),
    clock: systemClock,
    ids: createIds(),
    log,
    isShared,
  });
  let writers: Writers | null = null;
  const readModels = createReadModels(readStore, {
    appended: () => Math.max(headAtStart, system.lastPosition, writers?.lastPosition ?? 0),
    ...(isShared && { catchUpWithAll: catchUpWithAll(store, readStore) }),
  });
  // A cluster's log is followed by the thread that projects, which hears of other nodes' events as well.
  if (!isShared) store.onAppended((position) => readStore.notify(position));
  writers = createWriters({
    store,
    codec: createEventCodec(),
    clock: systemClock,
    ids: createIds(),
    snapshots,
    dueTimes: readModels.dueTimes,
    history: readModels.history,
    log,
    isShared,
  });
  return { writers, readModels, system };
}

/** The gate protects its own files, addresses and process, wherever they are; only a local call can mean the process. */
function registryOf(
  config: Config,
  additions: Partial<RiskRegistry> = {},
  boundTo: readonly string[] = [],
): RiskRegistry {
  const urls = [
    ...(config.port === 0 ? [] : [`http://${config.host}:${config.port}`]),
    ...(config.publicUrl === null ? [] : [config.publicUrl]),
    ...boundTo,
  ];
  return defaultRegistry({
    ...additions,
    protected: {
      paths: [config.dataDir, ...(additions.protected?.paths ?? [])],
      urls: [...urls, ...(additions.protected?.urls ?? [])],
      ...(config.isLoopback && { pids: [process.pid] }),
    },
  });
}

/** All queries of the read models, and the ledger behind them. */
const readingOf = ({ readModels, readStore, store }: Parts): Reading => ({
  ...readModels,
  eventAt: eventAtIn(sourceOver(store)),
  ledger: sourceOver(store),
  status: () => readStore.status(),
  rebuild: (names) => readStore.rebuild(names),
});

const providersOf = (parts: Parts): Provider[] => [
  { provide: WRITERS, useValue: parts.writers },
  { provide: IDS, useValue: createIds() },
  { provide: CLOCK, useValue: systemClock },
  { provide: KEYRING, useValue: parts.keyring },
  { provide: ASSESSOR, useValue: parts.assessor },
  { provide: SYSTEM, useValue: parts.system },
  { provide: APPROVERS, useValue: new Approvers(parts.system) },
  { provide: APPROVAL_ANSWERS, useValue: parts.answers },
  { provide: QUESTIONS, useValue: parts.questions },
  { provide: CHANNEL_DESK, useValue: parts.notices },
  { provide: WAYS_BACK, useValue: { isFromSlack, isSignedWebhook: isSignedBy, whisper } satisfies WaysBack },
  { provide: PASSWORDS, useValue: parts.passwords },
  { provide: REFUSED_ACCESS, useValue: parts.refused },
  { provide: COOKIE_SESSIONS, useValue: parts.cookies },
  { provide: PUBLIC_ADDRESS, useValue: parts.publicAddress },
  {
    provide: CEREMONIES,
    useValue: new Ceremonies(webAuthn, new Tickets(parts.keyring, systemClock), parts.publicAddress),
  },
  { provide: READING, useValue: readingOf(parts) },
  { provide: METRICS, useValue: parts.metrics },
  {
    provide: READINESS,
    useValue: new Readiness({
      probeStore: () => parts.store.headPosition(),
      storeProblem: parts.ledgerProblem,
      storeStats: () => parts.store.stats(),
      stoppedTenants: () => parts.writers.stats().stopped.length,
      areOperatorsStopped: () => parts.system.isStopped,
      readStore: () => parts.readStore.status(),
    }),
  },
];

/** What was opened, for every module to inject. */
@Global()
@Module({})
class PartsModule {}

@Module({
  imports: [
    CqrsModule.forRoot(),
    CommandsModule,
    OperatorCommandsModule,
    RuntimeModule,
    AdminModule,
    OperatorsModule,
    GateModule,
    ApprovalsModule,
    ChannelsModule,
    PagesModule,
    AuditModule,
    FinopsModule,
    NotificationsModule,
    HealthModule,
  ],
})
class AppModule {}

/** The application over parts that are open. */
export function applicationOver(parts: Parts): DynamicModule {
  const providers = providersOf(parts);
  return { module: AppModule, imports: [{ module: PartsModule, providers, exports: providers }] };
}
