/** Programs that read a folder with everything below it: to search, copy, pack, send or serve it. */

export interface TreeReader {
  readonly programs: readonly string[];
  /** One of the words has to be one of these, as in `git add`. */
  readonly words?: readonly string[];
  /** One of these flags has to be given; without them it reads trees always. */
  readonly flags?: readonly string[];
  /** With one of these it only lists, or writes instead. */
  readonly without?: readonly string[];
  /** Flags that take their value from the next word. */
  readonly valueFlags?: readonly string[];
  /** Which operands it reads. After a pattern: the first operand is none when `patternFlags` give it. */
  readonly operands: 'all' | 'all but last' | 'after pattern' | 'none';
  readonly patternFlags?: readonly string[];
  /** Flags whose values are read, alone or as one part of `FROM:TO` or `src=FROM,dst=TO`. */
  readonly from?: readonly string[];
  /** Flags that name the folder from which the operands are taken. */
  readonly base?: readonly string[];
  /** Without an operand it reads the current folder. */
  readonly here?: true;
}

const PATTERN_FLAGS = ['-e', '--regexp', '-f', '--file'];
const SEARCH_VALUES = ['-A', '-B', '-C', '-m', '-d', '-D', '-g', '-t', '-T', '-M', '-j', '--glob', '--type'];

export const TREE_READERS: readonly TreeReader[] = [
  {
    programs: ['grep', 'egrep', 'fgrep', 'zgrep', 'ggrep'],
    flags: ['-r', '-R', '--recursive', '--dereference-recursive', '--directories', '-d'],
    valueFlags: [...PATTERN_FLAGS, ...SEARCH_VALUES],
    patternFlags: PATTERN_FLAGS,
    operands: 'after pattern',
    here: true,
  },
  {
    programs: ['rg', 'ag', 'ack', 'pt', 'sift', 'ugrep', 'rgrep', 'rga'],
    without: ['--files', '--type-list', '--help-types', '--version'],
    valueFlags: [...PATTERN_FLAGS, ...SEARCH_VALUES],
    patternFlags: PATTERN_FLAGS,
    operands: 'after pattern',
    here: true,
  },
  {
    programs: ['fd', 'fdfind'],
    flags: ['-x', '-X', '--exec', '--exec-batch'],
    operands: 'after pattern',
    here: true,
  },
  {
    programs: ['tar', 'gtar', 'bsdtar', 'star'],
    without: ['-x', '-t', '--extract', '--get', '--list', '--diff', '--delete'],
    valueFlags: ['-f', '--file', '--exclude', '-X', '--exclude-from', '-g', '-H', '--format', '-I'],
    base: ['-C', '--directory'],
    operands: 'all',
  },
  {
    programs: ['cp', 'gcp', 'scp', 'install'],
    flags: ['-r', '-R', '-a', '--recursive', '--archive'],
    valueFlags: ['-t', '--target-directory', '-P', '-i', '-F', '-o', '-S'],
    operands: 'all but last',
  },
  {
    programs: ['rsync', 'ln', 'gln', 'ditto', 'bindfs', 'mount', 'sshfs', 'rclone', 'cpdup'],
    valueFlags: ['-e', '--rsh', '--exclude', '--include', '-f', '--filter', '-o', '-t', '--port'],
    operands: 'all but last',
  },
  { programs: ['rclone'], words: ['serve', 'cat', 'tree', 'mount'], operands: 'all' },
  { programs: ['zip', 'rar', 'jar', '7z', '7za', '7zz', '7zr', 'arc', 'zpaq', 'lrztar'], operands: 'all' },
  {
    programs: ['mksquashfs', 'genisoimage', 'mkisofs', 'xorriso', 'hdiutil', 'restic', 'borg', 'kopia'],
    operands: 'all',
  },
  { programs: ['duplicity', 'tarsnap', 'duplicacy', 'croc', 'wormhole', 'magic-wormhole'], operands: 'all' },
  {
    programs: ['trufflehog', 'gitleaks', 'repomix', 'gitingest', 'code2prompt', 'files-to-prompt'],
    operands: 'all',
    from: ['-s', '--source'],
    valueFlags: ['-s', '--source'],
    here: true,
  },
  { programs: ['diff', 'gdiff', 'colordiff'], flags: ['-r', '-R', '--recursive'], operands: 'all' },
  {
    programs: ['docker', 'podman', 'nerdctl', 'docker-compose'],
    words: ['run', 'create', 'exec', 'build', 'buildx', 'cp'],
    valueFlags: [
      '-v',
      '--volume',
      '--mount',
      '-f',
      '--file',
      '-t',
      '--tag',
      '--name',
      '-e',
      '--env',
      '--build-arg',
      '-p',
      '--network',
      '-w',
      '-u',
      '--build-context',
    ],
    from: ['-v', '--volume', '--mount', '--build-context'],
    operands: 'all',
  },
  { programs: ['kubectl', 'oc'], words: ['cp', 'rsync'], operands: 'all' },
  {
    programs: ['aws', 'gsutil', 'gcloud', 'az', 's3cmd', 'mc', 'b2', 's5cmd', 'azcopy', 'gdrive', 'dropbox'],
    words: ['cp', 'sync', 'mv', 'rsync', 'upload', 'upload-batch', 'put', 'mirror', 'copy'],
    operands: 'all but last',
  },
  {
    programs: ['git'],
    words: ['add', 'stage', 'hash-object'],
    valueFlags: ['-c', '--git-dir', '--exec-path', '--pathspec-from-file', '--chmod'],
    base: ['-C', '--work-tree'],
    operands: 'all',
    here: true,
  },
  { programs: ['git'], flags: ['--no-index'], words: ['grep', 'diff'], operands: 'all', here: true },
  {
    programs: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
    words: ['http.server', 'SimpleHTTPServer', 'pyftpdlib'],
    valueFlags: ['-m', '-b', '--bind'],
    from: ['-d', '--directory'],
    operands: 'none',
    here: true,
  },
  {
    programs: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
    words: ['zipfile', 'tarfile', 'shutil'],
    valueFlags: ['-m'],
    operands: 'all',
  },
  {
    programs: [
      'serve',
      'http-server',
      'live-server',
      'sirv',
      'miniserve',
      'caddy',
      'darkhttpd',
      'webfsd',
      'dufs',
    ],
    valueFlags: ['-p', '-l', '--listen', '--port', '-a', '--root', '-r'],
    from: ['--root', '-r'],
    operands: 'all',
    here: true,
  },
  { programs: ['php'], flags: ['-S'], valueFlags: ['-S', '-t'], from: ['-t'], operands: 'none', here: true },
];
