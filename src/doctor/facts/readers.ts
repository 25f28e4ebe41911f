import type { StoreReport } from '../../certs/trust/report.ts';
import type { ClientReport } from '../../certs/verify/handshake.ts';
import { type ApiCorsFacts, readApiCors } from '../api/cors-facts.ts';
import { type ApiSessionFacts, readApiSession } from '../api/session-facts.ts';
import type { DoctorWorld } from '../types.ts';
import { type CertificatesFacts, readCertificates } from './certificates.ts';
import { type HostsFacts, readHostsFile, readSurroundings, type SurroundingFacts } from './hosts.ts';
import { type InstancesFacts, readInstances } from './instance.ts';
import { type ResolvedName, readNames } from './names.ts';
import { type NodeSettings, readNodeSettings } from './node-settings.ts';
import { type PortsFacts, readPorts } from './ports.ts';
import { type ProjectFacts, readProject } from './project.ts';
import { type ReachFact, readReach } from './reach.ts';
import { readState, type StateFacts } from './state.ts';
import { readClients, readTrust } from './trust.ts';
import { readUpstreams, type UpstreamFact } from './upstreams.ts';

/** All that checks may look at. */
export interface Facts {
  readonly project: ProjectFacts;
  readonly names: readonly ResolvedName[];
  readonly hosts: HostsFacts;
  readonly surroundings: SurroundingFacts;
  readonly instances: InstancesFacts;
  readonly reach: readonly ReachFact[] | null;
  readonly ports: PortsFacts;
  readonly upstreams: readonly UpstreamFact[];
  readonly state: StateFacts;
  readonly certificates: CertificatesFacts;
  readonly trust: readonly StoreReport[] | null;
  readonly clients: readonly ClientReport[] | null;
  readonly nodeSettings: readonly NodeSettings[];
  /** null: no API was named. */
  readonly apiCors: ApiCorsFacts | null;
  /** null: no API or no login was named. */
  readonly apiSession: ApiSessionFacts | null;
}

/** Reads one kind of fact, each at most once. */
export type Get = <K extends keyof Facts>(kind: K) => Promise<Facts[K]>;

type Readers = { readonly [K in keyof Facts]: (world: DoctorWorld, get: Get) => Promise<Facts[K]> };

const READERS: Readers = {
  project: readProject,
  names: readNames,
  hosts: readHostsFile,
  surroundings: readSurroundings,
  instances: readInstances,
  reach: async (world, get) =>
    readReach(world, await get('names'), await get('instances'), await get('certificates')),
  ports: async (world, get) => readPorts(world, await get('instances')),
  upstreams: async (world, get) => readUpstreams(world, await get('instances')),
  state: readState,
  certificates: readCertificates,
  trust: async (world, get) => readTrust(world, await get('certificates')),
  clients: async (world, get) => readClients(world, await get('certificates')),
  nodeSettings: async (world, get) =>
    readNodeSettings(world, await get('upstreams'), await get('certificates')),
  apiCors: async (world, get) => readApiCors(world, await get('instances')),
  apiSession: async (world, get) => readApiSession(world, await get('instances')),
};

export function createGet(world: DoctorWorld): Get {
  const known: { [K in keyof Facts]?: Promise<Facts[K]> } = {};
  const get = <K extends keyof Facts>(kind: K): Promise<Facts[K]> => {
    const read: Readers[K] = READERS[kind];
    const fact = known[kind] ?? read(world, get);
    Object.assign(known, { [kind]: fact });
    return fact;
  };
  return get;
}
