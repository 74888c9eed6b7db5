/** What kinds of places a file system has, and what reading, writing or deleting there means. */
import type { Judgement } from '../finding.js';
import {
  changesElsewhere,
  changesLocally,
  destroys,
  disturbs,
  escalates,
  reads,
  rebuilds,
  revealsSecrets,
  unseen,
} from './verdicts.js';

/** `read-tree` reads a folder with everything below it. */
export type Access = 'read' | 'read-tree' | 'write' | 'permit' | 'move' | 'delete' | 'delete-tree';

export interface PlaceRule {
  readonly place: PlaceKind;
  /** Tried on the canonical path: `./x` in the workspace, `~/x` in a home folder, else absolute. */
  readonly pattern: RegExp;
}

export type PlaceKind =
  | 'nothing'
  | 'disk'
  | 'root'
  | 'home'
  | 'authority'
  | 'startup'
  | 'secret'
  | 'network'
  | 'temporary'
  | 'cache'
  | 'system'
  | 'system-part'
  | 'home-folder'
  | 'home-part'
  | 'workspace'
  | 'history'
  | 'hook'
  | 'pipeline'
  | 'generated'
  | 'data'
  | 'file'
  | 'unknown'
  | 'elsewhere';

/** Tried in this order; the first that matches counts. */
export const PLACES: readonly PlaceRule[] = [
  { place: 'nothing', pattern: /^\/dev\/(?:null|stdout|stderr|stdin|tty|zero|u?random|fd\/\d+)$/ },
  { place: 'nothing', pattern: /^\/dev\/(?:tcp|udp)\/(?:localhost|127\.[\d.]+)\// },
  { place: 'network', pattern: /^\/dev\/(?:tcp|udp)\// },
  { place: 'disk', pattern: /^\/dev\/(?:sd|nvme|r?disk|vd|hd|xvd|mmcblk|mapper|md)/ },
  { place: 'root', pattern: /^\/(?:[*?]*|\[[^\]/]*\][*?]*)$|^\/\.\*?$|^(?:\.\/)?[A-Za-z]:[\\/]*\*?$/ },
  { place: 'home', pattern: /^~\/?(?:\*{1,2}|\.\*)?$|^\/(?:home|Users)(?:\/\*{0,2})?$/ },
  {
    place: 'authority',
    pattern:
      /(?:^|\/)\.ssh\/authorized_keys2?$|^\/etc\/(?:sudoers(?:\.d\/.*)?|passwd|shadow|group|pam\.d\/.*|ssh\/sshd_config)$/,
  },
  {
    place: 'startup',
    pattern:
      /^~\/\.(?:bashrc|bash_profile|profile|zshrc|zshenv|zprofile|zlogin|config\/fish\/config\.fish|config\/autostart\/.*|config\/systemd\/user\/.*|gitconfig|claude\.json)$|(?:^|\/)\.mcp\.json$|(?:^|\/)\.(?:cursor\/mcp|copilot\/mcp-config)\.json$|(?:^|\/)mcp_config\.json$|(?:^|\/)\.claude\/hooks\/|^~\/Library\/LaunchAgents\/|^\/etc\/cron|^\/var\/spool\/cron|^\/etc\/systemd\//,
  },
  {
    place: 'secret',
    pattern:
      /(?:^|\/)\.env(?!\.(?:example|sample|template|dist|test)(?:$|\.))(?:\.[\w.-]+)?$|(?:^|\/)\.ssh\/id_[\w-]+(?<!\.pub)$|\.(?:pem|p12|pfx|key|kdbx|keystore|jks)$|(?:^|\/)\.(?:aws\/credentials|netrc|npmrc|pypirc|pgpass|git-credentials|docker\/config\.json|kube\/config|vault-token|my\.cnf)$|(?:^|\/)(?:credentials|secrets?|service[-_]account[\w-]*)\.(?:json|ya?ml|toml|txt|ini)$|(?:^|\/)\.config\/(?:gcloud\/.*credentials.*|gh\/hosts\.yml)$|(?:^|\/)\.railway\/config\.json$|(?:^|\/)master\.key$|^\/proc\/[\w]+\/environ$|^\/etc\/(?:shadow|ssl\/private\/.*)$/,
  },
  { place: 'hook', pattern: /(?:^|\/)\.git\/hooks(?:\/|$)|(?:^|\/)\.git\/config$|(?:^|\/)\.husky\// },
  { place: 'generated', pattern: /^\.\/(?:.*\/)?\.git\/[\w./-]+\.lock$/ },
  { place: 'history', pattern: /^\.\/(?:.*\/)?\.git(?:\/.*)?$/ },
  { place: 'workspace', pattern: /^\.\/?(?:\*{1,2}|\.\*)?$/ },
  {
    place: 'generated',
    pattern:
      /^\.\/(?:.*\/)?(?:node_modules|dist|build|out|target|coverage|\.next|\.nuxt|\.turbo|\.cache|\.parcel-cache|\.vite|\.build|\.gradle|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.tox|\.venv|venv|__pycache__|\.terraform|\.nyc_output|storybook-static|tmp|temp|logs?|[\w.-]+\.egg-info)(?:\/.*)?$|^\.\/.*\.(?:pyc|pyo|o|obj|class|log|tmp|swp|bak|orig|rej|tsbuildinfo|map)$|(?:^|\/)\.(?:DS_Store|eslintcache)$/,
  },
  {
    place: 'pipeline',
    pattern:
      /^\.\/(?:.*\/)?(?:\.github\/workflows\/.*|\.gitlab-ci\.ya?ml|\.circleci\/.*|Jenkinsfile|azure-pipelines\.ya?ml|\.buildkite\/.*|\.envrc|\.vscode\/(?:tasks|launch)\.json)$/,
  },
  {
    place: 'data',
    pattern:
      /^\.\/(?:.*\/)?(?:data|pgdata|db|database|backups?|uploads|storage|volumes|dumps?)(?:\/\*{0,2})?$|^\.\/.*\.(?:db|sqlite3?|mdb|dump|rdb)$|^\.\/.*backup[^/]*\.(?:sql|gz|zip|tar)$/,
  },
  { place: 'file', pattern: /^\.\// },
  { place: 'temporary', pattern: /^(?:\/private)?(?:\/var)?\/tmp\/.|^\/var\/folders\/./ },
  {
    place: 'cache',
    pattern:
      /^~\/(?:\.cache|\.npm|\.yarn|\.pnpm-store|\.gradle\/caches|\.cargo\/registry|\.m2\/repository|Library\/Caches|Library\/Developer\/(?:Xcode\/(?:DerivedData|iOS DeviceSupport)|CoreSimulator\/Caches)|go\/pkg\/mod|\.bun\/install\/cache|\.gem|\.nuget\/packages|\.expo|\.ivy2\/cache)\/./,
  },
  { place: 'home-folder', pattern: /^~\/[^/]+\/?(?:\*{1,2})?$/ },
  { place: 'home-part', pattern: /^~\// },
  {
    place: 'system',
    pattern:
      /^\/(?:etc|usr|bin|sbin|lib\w*|boot|opt|var|sys|proc|root|srv|mnt|media|run|System|Library|Applications|Volumes|tmp)?(?:\/(?:lib|bin|sbin|local|share|log|db))?(?:\/[^/]*)?\/?$/,
  },
  {
    place: 'system-part',
    pattern:
      /^\/(?:etc|usr|bin|sbin|lib\w*|boot|opt|var|sys|proc|root|srv|mnt|media|run|System|Library|Applications|Volumes)\//,
  },
  { place: 'unknown', pattern: /^\$/ },
  { place: 'elsewhere', pattern: /^/ },
];

interface AccessFile {
  readonly pattern: RegExp;
  readonly written: Judgement;
}

/** Files of the user that say with which keys, and through which servers, programs reach others. */
export const ACCESS_FILES: readonly AccessFile[] = [
  {
    pattern: /^~\/\.ssh\/known_hosts\d?$/,
    written: changesElsewhere('It changes which hosts are trusted.', { kind: 'file.write' }),
  },
  {
    pattern:
      /^~\/(?:\.ssh\/(?!authorized_keys)[^*]+|\.aws\/(?:credentials|config)|[._]netrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|\.docker\/config\.json|\.kube\/config|\.vault-token|\.config\/(?:gcloud\/.+|gh\/hosts\.yml|git\/(?:config|credentials)|pip\/pip\.conf|op\/.+|hub|rclone\/rclone\.conf)|\.pip\/pip\.conf|\.cargo\/(?:credentials|config)(?:\.toml)?|\.gnupg\/.+|\.terraformrc|\.terraform\.d\/credentials\.tfrc\.json|\.m2\/settings(?:-security)?\.xml|\.gradle\/gradle\.properties|\.composer\/auth\.json|\.azure\/.+|\.railway\/config\.json|\.gem\/credentials|\.oci\/config|\.boto|\.s3cfg|\.bunfig\.toml|\.condarc)$/,
    written: disturbs('It changes the keys, or the servers, with which programs reach others.', {
      kind: 'file.write',
    }),
  },
];

const none = reads('Nothing is kept there.');
const looks = reads('It only looks at a file.');

/** Moving away is writing: it can be moved back. A tree is read like a file, but where there are secrets in it. */
export type JudgedAccess = Exclude<Access, 'move' | 'read-tree'>;

/** Places in which a whole tree holds secrets, or may hold them. */
export const TREE_VERDICTS: Readonly<Partial<Record<PlaceKind, Judgement>>> = {
  root: revealsSecrets('It reads the whole file system, with the secrets in it.'),
  home: revealsSecrets('It reads a whole home folder, with the secrets in it.'),
  unknown: unseen(revealsSecrets(''), 'It reads a whole folder, and which one cannot be seen.'),
};

/** A verdict for every place and every kind of access. */
export const VERDICTS: Readonly<Record<PlaceKind, Readonly<Record<JudgedAccess, Judgement>>>> = {
  nothing: { read: none, write: none, permit: none, delete: none, 'delete-tree': none },
  network: same(disturbs('It opens a connection to another host.')),
  disk: {
    ...same(destroys('It overwrites a whole disk.', 'system', 'file.delete')),
    read: revealsSecrets('It reads a whole disk.'),
  },
  root: {
    read: looks,
    write: escalates('It writes to the root of the file system.', 'system', { verb: 'update' }),
    permit: escalates('It changes permissions of the whole file system.', 'system', { verb: 'grant' }),
    delete: destroys('It deletes the root of the file system.', 'system', 'file.delete'),
    'delete-tree': destroys('It deletes the whole file system.', 'system', 'file.delete'),
  },
  home: {
    read: looks,
    write: changesLocally('It writes to the home folder.'),
    permit: escalates('It changes permissions of the home folder.', 'collection', { verb: 'grant' }),
    delete: destroys('It deletes a home folder.', 'system', 'file.delete'),
    'delete-tree': destroys('It deletes a whole home folder.', 'system', 'file.delete'),
  },
  authority: {
    ...same(escalates('It changes who may log in or become root.', 'object', { verb: 'grant' })),
    read: revealsSecrets('It reads a list of accounts or keys.'),
  },
  startup: {
    ...same(disturbs('It changes what runs by itself later.', { kind: 'file.write' })),
    read: looks,
  },
  secret: {
    read: revealsSecrets('It reads a file that is known to hold secrets.'),
    write: changesLocally('It writes a file that holds secrets.'),
    permit: changesLocally('It changes who may read a file that holds secrets.'),
    delete: disturbs('It deletes a file that holds secrets and is not under version control.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': disturbs('It deletes a file that holds secrets and is not under version control.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
  },
  hook: {
    ...same(disturbs('It changes what version control runs by itself.', { kind: 'file.write' })),
    read: looks,
  },
  history: {
    read: looks,
    write: disturbs('It writes into the history of version control.', { kind: 'file.write' }),
    permit: changesLocally('It changes permissions in the version control folder.'),
    delete: disturbs('It deletes a part of the history of version control.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': destroys('It deletes the history of version control.', 'collection', 'file.delete'),
  },
  workspace: {
    read: looks,
    write: rebuilds('It writes in the workspace.'),
    permit: changesLocally('It changes permissions of the whole workspace.'),
    delete: destroys('It deletes everything in the workspace.', 'collection', 'file.delete'),
    'delete-tree': destroys('It deletes the whole workspace.', 'collection', 'file.delete'),
  },
  generated: {
    ...same(rebuilds('A rebuild brings it back.')),
    read: looks,
    delete: rebuilds('A rebuild brings it back.', 'delete'),
    'delete-tree': rebuilds('A rebuild brings it back.', 'delete'),
  },
  pipeline: {
    read: looks,
    write: changesElsewhere('It changes what the build service runs.', { kind: 'file.write' }),
    permit: rebuilds('Version control undoes it.'),
    delete: changesElsewhere('It deletes what the build service runs.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': changesElsewhere('It deletes what the build service runs.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
  },
  data: {
    read: looks,
    write: changesLocally('It writes a data file.'),
    permit: changesLocally('It changes permissions of a data file.'),
    delete: disturbs('It deletes data that a rebuild does not bring back.', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': disturbs('It deletes data that a rebuild does not bring back.', {
      verb: 'delete',
      kind: 'file.delete',
      radius: 'collection',
    }),
  },
  file: {
    read: looks,
    write: rebuilds('Version control undoes an edit in the workspace.'),
    permit: rebuilds('Version control undoes it.'),
    delete: rebuilds('Version control brings a file of the workspace back.', 'delete'),
    'delete-tree': changesLocally(
      'It deletes a folder of the workspace; version control has what was committed.',
      'delete',
    ),
  },
  temporary: {
    ...same(rebuilds('It is a temporary file.')),
    read: looks,
    delete: rebuilds('It is a temporary file.', 'delete'),
    'delete-tree': rebuilds('It is a temporary folder.', 'delete'),
  },
  cache: {
    ...same(changesLocally('It changes a cache, which fills again.')),
    read: looks,
    delete: changesLocally('It empties a cache, which fills again.', 'delete'),
    'delete-tree': changesLocally('It empties a cache, which fills again.', 'delete'),
  },
  'home-folder': {
    read: looks,
    write: changesLocally('It writes in the home folder.'),
    permit: changesLocally('It changes permissions in the home folder.'),
    delete: disturbs('It deletes a file of the home folder.', { verb: 'delete', kind: 'file.delete' }),
    'delete-tree': destroys("It deletes a home folder's part.", 'collection', 'file.delete'),
  },
  'home-part': {
    read: looks,
    write: changesLocally('It writes outside the workspace and can be undone.'),
    permit: changesLocally('It changes permissions outside the workspace.'),
    delete: disturbs('It deletes a file of the home folder.', { verb: 'delete', kind: 'file.delete' }),
    'delete-tree': destroys("It deletes a home folder's part.", 'collection', 'file.delete'),
  },
  system: {
    read: looks,
    write: escalates('It changes a file of the operating system.', 'object', {
      verb: 'update',
      kind: 'file.write',
    }),
    permit: escalates('It changes permissions in the operating system.', 'object', { verb: 'grant' }),
    delete: escalates('It deletes a file of the operating system.', 'object', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': destroys(
      'It deletes a part that the operating system depends on.',
      'system',
      'file.delete',
    ),
  },
  'system-part': {
    read: looks,
    write: escalates('It changes a file of the operating system.', 'object', {
      verb: 'update',
      kind: 'file.write',
    }),
    permit: escalates('It changes permissions in the operating system.', 'object', { verb: 'grant' }),
    delete: escalates('It deletes a file of the operating system.', 'object', {
      verb: 'delete',
      kind: 'file.delete',
    }),
    'delete-tree': destroys(
      'It deletes a folder of the operating system or its services.',
      'collection',
      'file.delete',
    ),
  },
  unknown: {
    read: looks,
    write: unseen(disturbs('', { kind: 'file.write' }), 'It writes to a place that cannot be seen.'),
    permit: unseen(disturbs(''), 'It changes permissions of a place that cannot be seen.'),
    delete: unseen(
      disturbs('', { verb: 'delete', kind: 'file.delete' }),
      'It deletes something that cannot be seen.',
    ),
    'delete-tree': unseen(
      destroys('', 'collection', 'file.delete'),
      'It deletes a tree whose place cannot be seen.',
    ),
  },
  elsewhere: {
    read: looks,
    write: changesLocally('It writes outside the workspace and can be undone.'),
    permit: changesLocally('It changes permissions outside the workspace.'),
    delete: disturbs('It deletes a file outside the workspace.', { verb: 'delete', kind: 'file.delete' }),
    'delete-tree': destroys('It deletes a folder outside the workspace.', 'collection', 'file.delete'),
  },
};

function same(judgement: Judgement): Record<JudgedAccess, Judgement> {
  return {
    read: judgement,
    write: judgement,
    permit: judgement,
    delete: judgement,
    'delete-tree': judgement,
  };
}
