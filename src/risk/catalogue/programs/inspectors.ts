/** Programs that look into files, at the machine or at the network, and change none of them. */
import { on, type Program } from '../program.js';
import { disturbs, reads } from '../verdicts.js';

export const inspectors: Program = {
  programs: [
    // Binaries, libraries and archives.
    ...['objdump', 'readelf', 'nm', 'ldd', 'otool', 'size', 'c++filt', 'addr2line', 'pahole', 'dwarfdump'],
    ...[
      'zipinfo',
      'lsar',
      'bzcat',
      'xzcat',
      'zstdcat',
      'lz4cat',
      'lzcat',
      'zless',
      'zmore',
      'bzgrep',
      'xzgrep',
    ],
    ...['pg_isready', 'ssh-keyscan', 'httping'],
    ...['javap', 'llvm-objdump', 'llvm-nm', 'llvm-readelf', 'bloaty', 'lipo', 'cfssl-certinfo'],
    // Media and documents.
    ...['identify', 'ffprobe', 'mediainfo', 'pdfinfo', 'pdffonts', 'exif', 'sndfile-info', 'soxi', 'catdoc'],
    // Sums, numbers and comparisons.
    ...['md5', 'sha512sum', 'sha224sum', 'sha384sum', 'b2sum', 'b3sum', 'crc32', 'numfmt', 'factor'],
    ...['diff3', 'colordiff', 'delta', 'difft', 'icdiff', 'sdiff', 'look', 'pr'],
    ...['unexpand', 'tsort', 'shuf', 'units', 'dc', 'namei', 'pathchk', 'hd'],
    // Counting and searching source code.
    ...['cloc', 'tokei', 'scc', 'sloccount', 'gocloc', 'onefetch', 'mdfind', 'mdls'],
    ...['plocate', 'mlocate', 'whereis', 'apropos', 'whatis', 'tldr', 'cheat', 'lsd', 'dust', 'duf'],
    // Linters that never fix.
    ...['tflint', 'tfsec', 'checkov', 'terrascan', 'kubeval', 'kubeconform', 'kube-score', 'kube-linter'],
    ...['ansible-lint', 'yamllint', 'jsonlint', 'cfn-lint', 'grype', 'syft', 'dive'],
    ...['bandit', 'safety', 'osv-scanner', 'govulncheck', 'pipdeptree', 'vale'],
    ...['proselint', 'alex', 'htmlhint', 'html-validate', 'linkinator', 'lychee', 'polaris'],
    ...['cppcheck'],
    // The machine.
    ...['lsblk', 'blkid', 'findmnt', 'lspci', 'lsusb', 'lsmod', 'lshw', 'inxi', 'dmidecode', 'lsns'],
    ...['lsipc', 'lslocks', 'lslogins', 'sar', 'iostat', 'vmstat', 'mpstat', 'pidstat', 'vm_stat', 'dmesg'],
    ...['journalctl', 'nvidia-smi', 'rocm-smi', 'nvtop', 'btop', 'glances', 'iotop', 'iftop', 'nethogs'],
    ...['sw_vers', 'system_profiler', 'ioreg', 'neofetch', 'fastfetch', 'screenfetch'],
    ...['getent', 'finger', 'users', 'lastlog', 'tzselect', 'hostid', 'logname', 'pstree'],
    ...['pmap', 'pwdx', 'ipcs', 'apt-cache', 'dpkg-query', 'apt-file', 'rpmquery', 'repoquery', 'xdpyinfo'],
    ...['atq', 'sensors', 'acpi', 'upower', 'getfacl', 'lsattr', 'getfattr', 'lsb_release'],
    // The network.
    ...[
      'whois',
      'mtr',
      'tracepath',
      'traceroute6',
      'ping6',
      'arping',
      'fping',
      'doggo',
      'dog',
      'drill',
      'delv',
    ],
    ...['kdig', 'arp', 'nstat', 'ipcalc', 'sipcalc', 'geoiplookup', 'whatweb', 'dnslookup'],
    // Clusters and queues.
    ...['stern', 'kubetail', 'popeye', 'pgbadger', 'pt-query-digest'],
    ...['pgmetrics', 'innotop', 'mysqlshow', 'ctop', 'dockle'],
  ],
  valueFlags: ['-n', '-u', '-c', '-f', '-o', '-e', '-p', '-m', '--since', '--until', '--format', '-t'],
  rules: [
    on(
      '',
      { flags: ['--vacuum-size', '--vacuum-time', '--vacuum-files', '-C', '--clear', '--read-clear'] },
      disturbs('It deletes logs of the machine.', { verb: 'delete', kind: 'file.delete' }),
    ),
    on('', { atLeast: 1 }, { touches: 'read' }),
  ],
  otherwise: reads(),
  examples: [
    { run: 'objdump -d a.out', tier: 0, points: 0 },
    { run: 'journalctl -u nginx --no-pager', tier: 0, points: 0 },
    { run: 'journalctl --vacuum-time=1s', tier: 3, points: 20 },
    { run: 'lsblk', tier: 0, points: 0 },
    { run: 'md5 ~/.ssh/id_rsa', tier: 2, points: 5 },
  ],
};
