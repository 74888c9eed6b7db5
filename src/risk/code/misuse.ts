/** Finds what no ordinary program does: it gives a shell to another host, or starts itself without end. */
import { destroys, escalates } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';

const GIVES_SHELL = escalates('The code gives a shell to another host.');
const STARTS_WITHOUT_END = escalates('The code starts processes without end.');

const ENDS_ALL = destroys('The code ends every process.', 'system', 'code.exec');

const CONNECTS =
  /\bsocket\.socket\b|create_connection|\bnet\.(?:connect|createConnection|Socket)\b|require\(["'](?:node:)?(?:net|tls)["']\)|\btls\.connect|IO::Socket|\bPF_INET\b|\bTCPSocket\b|\bfsockopen\b|stream_socket_client|socket_create|\bsocket\.tcp\b|TCPClient|new Socket\(|\bnet\.Dial\b|Deno\.connect|Bun\.connect/i;
/** A shell whose ends are joined to something else, or that runs what it is told. */
const JOINS_SHELL =
  /\bdup2\b|\bpty\.spawn\b|<&|>&|\.pipe\s*\(|\bopen\s*\(?\s*STD(?:IN|OUT)|STDIN->fdopen|\bproc_open\b|IO\.popen|\bpopen\s*\(|shell\s*=\s*True|check_output|getoutput|\bexec(?:Sync)?\s*\(\s*\w+|\bsystem\s*\(?\s*[$\w]|iex\b|invoke-expression/i;
const SHELL =
  /["'`\s/](?:ba|z|da|k|c)?sh["'`\s)]|cmd(?:\.exe)?["'`\s]|powershell|\.(?:gets|recv|receive|recvfrom|GetStream)\b|<>/i;
const FORKS =
  /\bfork\b[^\n]{0,20}\bwhile\b|\bwhile\s*\(?\s*(?:True|true|1)\b[\s\S]{0,80}\bfork\b|\bloop\s*(?:\{|do)\s*fork\b|\bfor\s*\(\s*;\s*;\s*\)[\s\S]{0,40}\bfork\b|\bitertools\.count\([\s\S]{0,40}\bfork\b/;

/** A signal to every process, or to each that is listed. */
const SIGNALS_ALL =
  /\bkill\s*\(\s*-1\b|\bProcess\.kill\s*\([^)]{0,40},\s*-1\b|\bkill\s*\(\s*int\s*\(\s*\w+\s*\)[\s\S]{0,120}\/proc\b|\/proc\b[\s\S]{0,120}\bkill\s*\(\s*int\s*\(/;

/** The verdict on code that misuses the machine; null for all other code. */
export function judgeMisuse(code: string): Judgement | null {
  if (/\bfork\b/.test(code) && FORKS.test(code)) return STARTS_WITHOUT_END;
  if (/\bkill\b/.test(code) && SIGNALS_ALL.test(code)) return ENDS_ALL;
  if (!CONNECTS.test(code)) return null;
  return JOINS_SHELL.test(code) && SHELL.test(code) ? GIVES_SHELL : null;
}
