/** Programs through which a call could reach the gate past its own requests, or end it. */

/** Open a connection on which no request is seen. */
export const CONNECTORS =
  /^(?:nc|ncat|netcat|nc\.\w+|socat|telnet|openssl|gnutls-cli|ssh|autossh|sshuttle|stunnel\d?|websocat|wscat|grpcurl|ab|wrk2?|hey|siege|vegeta|bombardier|k6|redir|rinetd|simpleproxy|chisel|gost|frpc|mitmproxy|mitmdump|haproxy|proxychains\d?)$/;
/** Give a port of this machine to others, or listen in on it. */
export const TAPS =
  /^(?:ngrok|cloudflared|lt|localtunnel|bore|tcpdump|tshark|ngrep|tcpflow|dumpcap|wireshark)$/;
/** Send requests that the address among their operands does not tell the whole truth about. */
export const REQUESTERS = /^(?:curl|wget|http|https|xh|xhs|aria2c|axel)$/;
/** Words of those that lead a request elsewhere than it says. */
export const DETOURS = /prox|socks|^--(?:connect-to|resolve)|^-x/i;
/** Decide which packets pass. */
export const FIREWALLS =
  /^(?:ip6?tables(?:-\w+)?|nft|ufw|firewall-cmd|pfctl|ipfw|netsh|tc|iptables-nft|route|ip|ipset|ifconfig)$/;
/** End a process by its number. */
export const KILLERS = /^(?:kill|skill|tkill|taskkill|Stop-Process|fuser|kill-port|fkill)$/;
/** End processes by a pattern of their name. */
export const NAME_KILLERS = /^(?:pkill|killall5?|killall|skill|xkill|fkill|taskkill|slay)$/;
/** Look into a process that runs. */
export const TRACERS = /^(?:gdb|lldb|strace|ltrace|gcore|reptyr|dtrace|bpftrace|pstack|memdump|procdump)$/;
/** Tell which processes there are. */
export const LOOKUPS = /^(?:pgrep|pidof|lsof|ss|netstat|fuser|ps|grep|egrep|awk|rg|jps|top|htop)$/;
/** Find files by an index of their names. */
export const LOCATORS = /^(?:locate|mlocate|plocate|mdfind|fd|fdfind)$/;
/** Names by which the files of the gate are sought. */
export const KEPT_NAMES = /admin\.key|master\.key|countersign|ledger\.db/i;
/** Look at or take files. */
export const READERS =
  /^(?:cat|tac|nl|less|more|head|tail|bat|xxd|od|hexdump|strings|base64|base32|cp|scp|rsync|tar|zip|dd|curl|wget|awk|sed|grep|mv|sqlite3|openssl|jq)$/;
/** Keep services running or packages installed, and the words with which they are told otherwise. */
export const SUPERVISORS =
  /^(?:pm2|supervisorctl|forever|systemctl|service|launchctl|rc-service|initctl|sv|s6-svc|monit|npm|pnpm|yarn|bun|pip3?|brew|snap|apt|apt-get|dpkg|dnf|yum|pacman)$/;
export const STOPS =
  /^(?:stop\w*|kill|delete|del|disable|mask|restart|reload|unload|bootout|remove|uninstall|unlink|un|rm|r|purge|autoremove|-R\w*|-r|-P|down|unmonitor|edit|revert|set-property|isolate|freeze|cancel|config)$/;
/** Containers, and what may be done with one by its name. */
export const CONTAINERS = /^(?:docker|podman|nerdctl|docker-compose)$/;
export const CONTAINER_REACH =
  /^(?:cp|exec|inspect|export|commit|attach|kill|stop|rm|restart|pause|update|down|disconnect|rename)$/;
/** Run workloads in a cluster, and what may be done there with one by its name. */
export const CLUSTERS = /^(?:kubectl|oc|k|k3s|microk8s|helm|nomad|argocd|flux|skaffold|kubectl-\w+)$/;
export const CLUSTER_REACH =
  /^(?:delete|scale|autoscale|rollout|exec|edit|patch|set|replace|cp|debug|attach|annotate|label|uninstall|un|rollback|upgrade|stop|suspend|terminate|destroy)$/;
export const CLUSTER_LOOKS = /^(?:status|history|get|list|logs|describe|--dry-run(?:=.*)?|--help)$/;
/** Set variables for every program that is started from now on. */
export const SETTERS = /^(?:setx|launchctl|systemctl|loginctl|dbus-update-activation-environment|fish|set)$/;
export const SETS =
  /^(?:setenv|unsetenv|set-environment|unset-environment|import-environment|-U|-Ux|-xU|-Ue)$/;
/** Words of these only name or show a text; nothing is done with what it says. */
export const TALKERS =
  /^(?:echo|printf|cd|pushd|popd|test|\[|true|false|:|export|declare|typeset|local|readonly|alias|unset|set|read|type|which|command|gh|sleep|exit|return|countersign)$/;
/** What `git` says about texts that people wrote. */
export const TALKING_GIT = /^(?:commit|log|tag|notes|blame|show|grep|branch|checkout|switch)$/;

/** How the gate's process appears in a list of processes, and how its whole command line reads. */
export const PROCESS_NAMES: readonly string[] = ['node', 'countersign', 'mainthread', 'node-mainthread'];
export const COMMAND_LINES: readonly string[] = [
  'node dist/src/cli/countersign.js serve',
  'node /usr/local/bin/countersign serve',
  'npm start',
];
/** What a text says that tells programs of the user another gate, another key, or another program. */
export const GATE_SETTINGS =
  /COUNTERSIGN_[A-Z]+|\balias\s+(?:-\S+\s+)*countersign\s*[= ]|\bcountersign\s*\(\)|\bfunction\s+countersign\b/;
/** Variables that hold the gate's keys. */
export const KEY_VARIABLES = /COUNTERSIGN_(?:API|ADMIN|MASTER)_KEY/;
