/** Commands inside expansions, which run whatever becomes of the value. */

import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const DELETION_POINTS = 500;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are the shell's
describe('a command inside an expansion', () => {
  it.each([
    'echo ${x/$(rm -rf /)/}',
    'echo "${x/$(rm -rf /)/}"',
    'echo ${x/a/$(rm -rf /)}',
    'x=abc; echo ${x/b/$(rm -rf /)}',
    'echo ${x#$(rm -rf /)}',
    'echo ${x^^$(rm -rf /)}',
    'echo ${!x[$(rm -rf /)]}',
    'echo ${#a[$(rm -rf /)]}',
    'cat <<< ${x/$(rm -rf /)/}',
    '[[ ${x/$(rm -rf /)/} ]]',
    'echo {a,$(rm -rf /)}',
    'echo {a,`rm -rf /`}',
    'echo ${x:-$(rm -rf /)}',
    'echo $((a[$(rm -rf /)]))',
  ])('%s is judged, and once', (command) => {
    expect(assessCommand(command).riskPoints).toBe(DELETION_POINTS);
  });

  it.each(['x=a/b; echo ${x/b/c}', 'echo ${x//$(pwd)/}', 'echo {a,b} ${x%%.*}', 'echo ${x/$(date)/}'])(
    '%s harms nothing',
    (command) => {
      expect(assessCommand(command).riskPoints).toBe(0);
    },
  );
});

describe('a text that the shell evaluates again', () => {
  it.each([
    'x=\'$(rm -rf /)\'; echo "${x@P}"',
    "bash -c 'echo \"${1@P}\"' _ '$(rm -rf /)'",
    "PS4='$(rm -rf /)'; set -x; ls",
    "y='a[$(rm -rf /)]'; (( y ))",
    "y='a[$(rm -rf /)]'; z=y; (( z ))",
    "y=('a[$(rm -rf /)]'); (( y ))",
    "y='a[$(rm -rf /)]'; echo $((y+1))",
    "y='a[$(rm -rf /)]'; echo $[y+1]",
    "y='a[$(rm -rf /)]'; let n=y+1",
    "y='a[$(rm -rf /)]'; [[ y -eq 1 ]]",
    "y='a[$(rm -rf /)]'; [[ 1 -lt $y ]]",
    "y='a[$(rm -rf /)]'; echo ${b[y]}",
    "y='a[$(rm -rf /)]'; b[y]=1",
    "y='a[$(rm -rf /)]'; echo ${b:y:1}",
    "y='a[$(rm -rf /)]'; echo ${!y}",
    "y='a[$(rm -rf /)]'; for ((i=0;i<y;i++)); do :; done",
    "f() { (( $1 )); }; f 'a[$(rm -rf /)]'",
    "f() { local n=$1; (( n > 0 )); }; f 'a[$(rm -rf /)]'",
    "(( a['$(rm -rf /)'] ))",
    "let 'a[$(rm -rf /)]=1'",
    "printf -v 'a[$(rm -rf /)]' x",
    "[[ -v 'a[$(rm -rf /)]' ]]",
    "test -v 'a[$(rm -rf /)]'",
    "[ -v 'a[$(rm -rf /)]' ]",
    "read -r 'a[$(rm -rf /)]' <<< 1",
    "unset 'a[$(rm -rf /)]'",
    "declare 'a[$(rm -rf /)]=1'",
    "declare -i x='a[$(rm -rf /)]'",
    "declare -n x='a[$(rm -rf /)]'",
    "export 'a[$(rm -rf /)]=1'",
    "mapfile 'a[$(rm -rf /)]' < x",
    "mapfile -c 1 -C 'rm -rf /' x < y",
    "compgen -W '$(rm -rf /)'",
    "a=(['b[$(rm -rf /)]']=1)",
    "declare -a 'x=($(rm -rf /))'",
    "bash -c 'eval \"$0\"' 'rm -rf /'",
    'read -a c <<< \'rm -rf /\'; "${c[@]}"',
    "trap -- 'rm -rf /' EXIT",
    'echo "${a[@]/$(rm -rf /)/x}"',
    'echo ${a[0]:-$(rm -rf /)}',
  ])('%s is judged, and once', (command) => {
    expect(assessCommand(command).riskPoints).toBe(DELETION_POINTS);
  });

  it.each([
    'i=0; (( i++ ))',
    'let n=n+1',
    'read line',
    'echo ${!ref}',
    'for ((i=0;i<10;i++)); do echo $i; done',
    '[[ $a -eq 1 && -v HOME ]]',
    'unset FOO BAR',
    'declare -a list=(a b c); echo "${list[@]}" ${#list[@]} ${list[1]}',
    'start=$(date +%s); (( start - 10 > 5 )) && echo ${start:0:2}',
    'files=(*.ts); echo "${files[@]%.ts}" "${files[@]/a/b}"',
    "PS1='\\u@\\h \\w$ '",
    'x=y; y=x; (( x ))',
  ])('%s harms nothing', (command) => {
    expect(assessCommand(command).riskPoints).toBe(0);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are the shell's
