/**
 * A real S3-compatible server for tests: Ceph's RADOS gateway with one monitor and one in-memory OSD, all on loopback
 * and in one temporary folder. Fakes from the package registry ignore conditional puts, so none is used. Installs the
 * Debian packages when they are missing (needs root).
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface S3Server {
  /** What a client needs in its environment to talk to this server. */
  readonly env: Readonly<Record<string, string>>;
  readonly endpoint: string;
  createBucket(name: string): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Starts a server on free ports. Takes some twelve seconds, and a minute more the first time. */
export async function startS3Server(): Promise<S3Server> {
  await installPackages();
  const folder = await mkdtemp(path.join(tmpdir(), 'omnigraph-s3-'));
  try {
    const endpoint = await startDaemons(folder);
    const env = {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_REGION: 'us-east-1',
      AWS_S3_FORCE_PATH_STYLE: 'true',
      AWS_ALLOW_HTTP: 'true',
    };
    return { env, endpoint, createBucket: (name) => createBucket(name, endpoint), stop: () => stop(folder) };
  } catch (error) {
    await stop(folder);
    throw error;
  }
}

const ACCESS_KEY = 'testkey';
const SECRET_KEY = 'testsecret';

async function installPackages(): Promise<void> {
  const programs = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph'];
  try {
    for (const program of programs) await run('which', [program]);
    return;
  } catch {
    // At least one is missing: apt installs what is not there.
  }
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 1 << 26 };
  await run('apt-get', ['update'], quiet);
  await run(
    'apt-get',
    ['install', '-y', '--no-install-recommends', 'radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
    quiet,
  );
}

async function startDaemons(folder: string): Promise<string> {
  const [monitorPort, monitorPortOld, gatewayPort] = await freePorts(3);
  const addresses = `[v2:127.0.0.1:${monitorPort},v1:127.0.0.1:${monitorPortOld}]`;
  const fsid = randomUUID();
  for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(path.join(folder, name));
  const conf = path.join(folder, 'ceph.conf');
  const keyring = path.join(folder, 'keyring');
  await writeFile(conf, configuration({ folder, fsid, addresses, gatewayPort: gatewayPort ?? 0 }));
  const call = (program: string, ...args: string[]) =>
    run(program, args, { env: { ...process.env, CEPH_CONF: conf }, timeout: 60_000 });

  for (const [at, [name, capabilities]] of Object.entries(IDENTITIES).entries()) {
    const create = at === 0 ? ['--create-keyring'] : [];
    await call('ceph-authtool', ...create, keyring, '--gen-key', '-n', name, ...capabilities);
  }
  const monmap = path.join(folder, 'monmap');
  await call('monmaptool', '--create', '--addv', 'a', addresses, '--fsid', fsid, monmap);
  await call('ceph-mon', '-c', conf, '--mkfs', '-i', 'a', '--monmap', monmap, '--keyring', keyring);
  await call('ceph-mon', '-c', conf, '-i', 'a');

  const osdId = randomUUID();
  const { stdout } = await call('ceph', '-c', conf, 'osd', 'new', osdId);
  const osd = stdout.trim();
  const osdKeyring = path.join(folder, 'osd', 'keyring');
  await call('ceph-authtool', '--create-keyring', osdKeyring, '--gen-key', '-n', `osd.${osd}`);
  await call('ceph', '-c', conf, 'auth', 'add', `osd.${osd}`, '-i', osdKeyring, 'osd', 'allow *', 'mon', 'allow *');
  await call('ceph-osd', '-c', conf, '-i', osd, '--mkfs', '--osd-uuid', osdId, '--keyring', osdKeyring);
  await call('ceph-osd', '-c', conf, '-i', osd, '--keyring', osdKeyring);
  await call('radosgw', '-c', conf, '-n', 'client.rgw');

  const endpoint = `http://127.0.0.1:${gatewayPort}`;
  await answers(endpoint);
  const secrets = ['--access-key', ACCESS_KEY, '--secret-key', SECRET_KEY];
  await call('radosgw-admin', '-c', conf, 'user', 'create', '--uid=test', '--display-name=test', ...secrets);
  return endpoint;
}

const IDENTITIES: Readonly<Record<string, readonly string[]>> = {
  'mon.': ['--cap', 'mon', 'allow *'],
  'client.admin': ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'],
  'client.rgw': ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'],
};

interface Layout {
  readonly folder: string;
  readonly fsid: string;
  readonly addresses: string;
  readonly gatewayPort: number;
}

const configuration = ({ folder, fsid, addresses, gatewayPort }: Layout): string => `[global]
fsid=${fsid}
mon_initial_members=a
mon_host=${addresses}
public_addr=127.0.0.1
cluster_addr=127.0.0.1
auth_cluster_required=cephx
auth_service_required=cephx
auth_client_required=cephx
osd_pool_default_size=1
osd_pool_default_min_size=1
osd_pool_default_pg_num=8
osd_pool_default_pg_autoscale_mode=off
osd_crush_chooseleaf_type=0
osd_objectstore=memstore
memstore_device_bytes=4G
mon_allow_pool_size_one=true
mon_allow_no_pool_redundancy=true
mon_warn_on_pool_no_redundancy=false
mon_osd_initial_require_min_compat_client=luminous
mon_max_pg_per_osd=1000
mon_data_avail_crit=1
mon_data_avail_warn=2
fsync_disable=1
mon_data=${folder}/mon
osd_data=${folder}/osd
run_dir=${folder}/run
admin_socket=${folder}/run/$name.asok
log_file=${folder}/$name.log
pid_file=${folder}/run/$name.pid
keyring=${folder}/keyring
[client.rgw]
rgw_frontends=beast endpoint=127.0.0.1:${gatewayPort}
rgw_thread_pool_size=64
rgw_enable_usage_log=false
rgw_relaxed_s3_bucket_names=true
rgw_data=${folder}/rgw
`;

/** Ports that were free a moment ago; all are held at once so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function answers(endpoint: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await fetch(endpoint);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(250);
    }
  }
}

async function createBucket(name: string, endpoint: string): Promise<void> {
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
  });
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
  } finally {
    client.destroy();
  }
}

async function stop(folder: string): Promise<void> {
  const runFolder = path.join(folder, 'run');
  for (const name of (await readdir(runFolder)).filter((file) => file.endsWith('.pid'))) {
    const pid = Number((await readFile(path.join(runFolder, name), 'utf8')).trim());
    if (!Number.isInteger(pid) || pid <= 1) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // Already gone is what we want.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
