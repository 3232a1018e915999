/**
 * What ssh is started with, and what it runs on a host: a shell there reads it, whichever the user has, so every word of
 * it is quoted and nothing but the length of the agent and folders of the PATH differs.
 */
import { quoteWord } from '../../shell/quote';
import { HELLO, NO_NODE } from './protocol';

/** Seconds in which a host must answer, and in which a connection that is cut is noticed by ssh itself. */
const CONNECT_SECONDS = 15;
const ALIVE_SECONDS = 10;

/** For a person to type, and for us: the host as the last word of all that ssh could take for options. */
export function sshOptions(sshConfig: string | null): string[] {
  return [
    ...(sshConfig === null ? [] : ['-F', sshConfig]),
    // Nobody can answer a question: a password, an unknown host key.
    ...['-o', 'BatchMode=yes'],
    ...['-o', `ConnectTimeout=${CONNECT_SECONDS}`],
    ...['-o', `ServerAliveInterval=${ALIVE_SECONDS}`, '-o', 'ServerAliveCountMax=3'],
    // What a person's config has for sessions of a person.
    ...['-o', 'RemoteCommand=none', '-o', 'RequestTTY=no', '-o', 'ForwardX11=no', '-o', 'EscapeChar=none'],
  ];
}

export function sshArguments(target: string, sshConfig: string | null, command: string): string[] {
  return [...sshOptions(sshConfig), '-T', '--', target, command];
}

/**
 * Reads the agent from stdin and becomes it. Old enough for any Node: the initiator refuses by the version that it says.
 * Without single quotes, backslashes, exclamation marks and line breaks, which some shell reads even inside quotes.
 */
const LOADER = [
  'var fs=require("fs"),n=+process.argv[1],b=Buffer.alloc(n),o=0,r;',
  `process.stdout.write(${JSON.stringify(HELLO)}+JSON.stringify({node:process.version})+require("os").EOL);`,
  'while(o<n){try{r=fs.readSync(0,b,o,n-o,null)}catch(e){if(e.code==="EAGAIN"){Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,5);continue}throw e}if(r===0)process.exit(0);o+=r}',
  'var m=new module.constructor("jest-distributed-agent");m.paths=[];m._compile(b.toString(),"/jest-distributed-agent.js")',
].join('');

const quote = (word: string): string => quoteWord(word, 'posix');

/** Puts folders first in the PATH of what follows. */
const pathSteps = (folders: readonly string[]): string[] =>
  folders.length === 0 ? [] : [`PATH=${quote(folders.join(':'))}:"$PATH"; export PATH`];

/** @param agentBytes length of the agent that comes by stdin. */
export function agentCommand(folders: readonly string[], agentBytes: number): string {
  const script = [
    ...pathSteps(folders),
    // An interactive login shell reads all that a person has set; its output is only shown.
    `command -v node >/dev/null 2>&1 || { echo ${quote(NO_NODE)}"$PATH|$("\${SHELL:-sh}" -lic "command -v node" </dev/null 2>/dev/null | tail -n 1)"; exit 127; }`,
    `exec node -e ${quote(LOADER)} ${agentBytes}`,
  ].join('; ');
  return `exec /bin/sh -c ${quote(script)}`;
}

/** What starts rsync on the host, where it belongs; a shell there reads it. */
export const rsyncProgram = (folder: string, folders: readonly string[]): string =>
  [...pathSteps(folders), `cd ${quote(folder)} && rsync`].join('; ');

/** Words for rsync's `-e`, which it takes apart at blanks, with quotes of its own kind. */
export const rsyncShell = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`)).join(' ');
