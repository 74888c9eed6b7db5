/**
 * A double of EventStoreDB for tests: it speaks the real protocol through the client's own service
 * definitions, keeps its log in memory, and can be made to fail in the ways a real server does.
 */

import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossipWords from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresWords from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { KeyCertPair, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Appends } from './appends.js';
import type { Certificate } from './certificate.js';
import { Faults } from './faults.js';
import { DoubleLog } from './log.js';
import { Reads } from './reads.js';
import { uuid } from './words.js';

export interface DoubleOptions {
  /** Any free one when left out. */
  readonly port?: number;
  /** Shared by several doubles that act as one cluster; its own when left out. */
  readonly log?: DoubleLog;
  /** Speaks TLS with this; in the clear when left out. */
  readonly certificate?: Certificate;
}

const HOST = '127.0.0.1';
const VERSION = '24.10.0.0';
const MESSAGE_BYTES_MAX = 17 * 1024 * 1024;

export class EsdbDouble {
  readonly faults = new Faults();
  readonly log: DoubleLog;
  readonly appends: Appends;
  readonly reads: Reads;
  /** What gossip tells of the cluster; this server alone when empty. */
  members: readonly { readonly port: number; readonly isLeader: boolean }[] = [];
  #server: Server | null = null;
  #port: number;

  private constructor(private readonly options: DoubleOptions) {
    const { port = 0, log = new DoubleLog() } = options;
    this.#port = port;
    this.log = log;
    this.appends = new Appends(log, this.faults);
    this.reads = new Reads(log, this.faults);
  }

  static async start(options: DoubleOptions = {}): Promise<EsdbDouble> {
    const double = new EsdbDouble(options);
    await double.restart();
    return double;
  }

  get port(): number {
    return this.#port;
  }

  get connectionString(): string {
    return `esdb://${HOST}:${this.#port}?tls=false`;
  }

  /** Breaks every connection and refuses new ones; the log stays. */
  kill(): void {
    this.#server?.forceShutdown();
    this.#server = null;
  }

  /** Serves again, on the same port and with the same log. */
  async restart(): Promise<void> {
    this.kill();
    const server = new Server({ 'grpc.max_receive_message_length': MESSAGE_BYTES_MAX });
    this.#addServices(server);
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${HOST}:${this.#port}`, this.#credentials(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    this.#server = server;
  }

  close(): void {
    this.faults.thaw();
    this.kill();
    this.log.close();
  }

  #credentials(): ServerCredentials {
    const { certificate } = this.options;
    if (certificate === undefined) return ServerCredentials.createInsecure();
    const [private_key, cert_chain] = [certificate.key, certificate.certificate].map((pem) =>
      Buffer.from(pem),
    );
    return ServerCredentials.createSsl(null, [{ private_key, cert_chain } as KeyCertPair]);
  }

  #addServices(server: Server): void {
    const { append, batchAppend, delete: remove, tombstone } = this.appends;
    // What is read is serialised once for all readers, so here it is bytes already.
    const read = { ...streams.StreamsService.read, responseSerialize: (bytes: Buffer) => bytes };
    server.addService(
      { ...streams.StreamsService, read } as never,
      {
        append,
        batchAppend,
        delete: remove,
        tombstone,
        read: this.reads.read,
      } as never,
    );
    server.addService(features.ServerFeaturesService as never, {
      getSupportedMethods: (_call: unknown, answer: sendUnaryData<unknown>) => answer(null, methods()),
    });
    server.addService(gossip.GossipService as never, {
      read: (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
        if (this.faults.isCalm) answer(null, this.#cluster());
        else void this.faults.pass().then(() => answer(null, this.#cluster()));
      },
    });
  }

  #cluster(): InstanceType<typeof gossipWords.ClusterInfo> {
    const members = this.members.length > 0 ? this.members : [{ port: this.#port, isLeader: true }];
    const cluster = new gossipWords.ClusterInfo();
    cluster.setMembersList(members.map(memberOf));
    return cluster;
  }
}

function memberOf({ port, isLeader }: { readonly port: number; readonly isLeader: boolean }) {
  const { LEADER, FOLLOWER } = gossipWords.MemberInfo.VNodeState;
  const endpoint = new gossipWords.EndPoint();
  endpoint.setAddress(HOST);
  endpoint.setPort(port);
  const member = new gossipWords.MemberInfo();
  member.setInstanceId(uuid(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`));
  member.setTimeStamp(String(Date.now() * 10_000));
  member.setState(isLeader ? LEADER : FOLLOWER);
  member.setIsAlive(true);
  member.setHttpEndPoint(endpoint);
  return member;
}

function methods(): InstanceType<typeof featuresWords.SupportedMethods> {
  const supported = new featuresWords.SupportedMethods();
  supported.setEventStoreServerVersion(VERSION);
  supported.setMethodsList(
    ['read', 'append', 'batchappend', 'delete', 'tombstone'].map((name) => {
      const method = new featuresWords.SupportedMethod();
      method.setServiceName('event_store.client.streams.streams');
      method.setMethodName(name);
      return method;
    }),
  );
  return supported;
}
