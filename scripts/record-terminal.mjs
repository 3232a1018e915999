/**
 * Records a command in a terminal and draws it as an animated SVG. The pictures of the README are made so:
 *
 *     npm run build && node scripts/record-terminal.mjs
 *
 * Runs `run --local` in a copy of examples/basic twice, and records the second run, which knows the durations. The
 * recording is real, terminal and all (`script` of util-linux); only pauses are cut to two seconds.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { command, environment, images, withExample } from './example-copy.mjs';

const output = path.join(images, 'run-local.svg');
const COLUMNS = 92;
const ROWS = 30;
/** Frames closer than this are one. */
const FRAME_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const END_MS = 6_000;
/** What a program writes: a control sequence, or a character. */
const TOKENS = new RegExp(`${String.fromCharCode(27)}\\[([\\d;?]*)([A-Za-z])|([\\s\\S])`, 'gu');
const UNFINISHED = new RegExp(`${String.fromCharCode(27)}(\\[[\\d;?]*)?$`);
const TYPED = 'npx jest-distributed run --local --nodes 4';

/** @returns {{ at: number, text: string }[]} what the command wrote, by milliseconds from its start. */
function record(folder, line) {
  const log = path.join(folder, 'log');
  const timing = path.join(folder, 'timing');
  const inside = `stty cols ${COLUMNS} rows ${ROWS}; ${line}`;
  const { status } = spawnSync('script', ['-q', '-e', '-c', inside, '-O', log, '-T', timing], {
    cwd: folder,
    env: { ...environment, TERM: 'xterm-256color' },
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error(`The command ended with ${status}:\n${readFileSync(log, 'utf8')}`);
  // The log begins with a line of `script`, which is in no chunk.
  const bytes = readFileSync(log);
  const decoder = new StringDecoder();
  let offset = bytes.indexOf('\n') + 1;
  let at = 0;
  return readFileSync(timing, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [seconds, count] = line.split(' ').map(Number);
      at += Math.min(seconds * 1000, LONGEST_PAUSE_MS);
      const text = decoder.write(bytes.subarray(offset, offset + count));
      offset += count;
      return { at, text };
    });
}

/** As much of a terminal as our output needs: lines, colours, moves up, erasing. Cells are `{ character, style }`. */
function createScreen() {
  const lines = [[]];
  let [row, column, style] = [0, 0, ''];
  const styles = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 34: 'u', 35: 'm', 36: 'c', 90: 'd' };
  const paint = (codes) => {
    for (const code of codes.split(';')) {
      if (code === '' || code === '0') style = '';
      else if (code === '22') style = style.replace(/[bd]/g, '');
      else if (code === '39') style = style.replace(/[rgyumc]/g, '');
      else style += styles[code] ?? '';
    }
  };
  const commands = {
    A: (count) => {
      row = Math.max(0, row - (Number(count) || 1));
    },
    K: () => lines[row].splice(column),
    J: () => {
      lines[row].splice(column);
      lines.splice(row + 1);
    },
    m: paint,
  };
  let cut = '';
  return (chunk) => {
    // A chunk may end within a control sequence.
    const text = cut + chunk;
    cut = UNFINISHED.exec(text)?.[0] ?? '';
    for (const [, codes, command, character] of text.slice(0, text.length - cut.length).matchAll(TOKENS)) {
      if (command !== undefined) commands[command]?.(codes);
      else if (character === '\r') column = 0;
      else if (character === '\n') {
        row += 1;
        column = 0;
        lines[row] ??= [];
      } else {
        while (lines[row].length < column) lines[row].push({ character: ' ', style: '' });
        lines[row][column++] = { character, style };
      }
    }
    return lines.slice(-ROWS).map((line) => line.map((cell) => ({ ...cell })));
  };
}

const escapeText = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** A line of cells as SVG text: a `tspan` for each stretch of one style. */
function drawLine(cells) {
  const runs = [];
  for (const { character, style } of cells) {
    if (runs.at(-1)?.style === style) runs.at(-1).text += character;
    else runs.push({ style, text: character });
  }
  const inner = runs.map(({ style, text }) =>
    style === '' ? escapeText(text) : `<tspan class="${[...new Set(style)].join(' ')}">${escapeText(text)}</tspan>`,
  );
  return inner.join('').trimEnd();
}

/** Text that stays the same on a row is drawn once, from when it came to when it went. */
function spansOf(frames, end) {
  const open = new Map();
  const spans = [];
  for (const { at, lines } of frames) {
    for (let row = 0; row < ROWS; row += 1) {
      const text = drawLine(lines[row] ?? []);
      const before = open.get(row);
      if (before?.text === text) continue;
      if (before !== undefined && before.text !== '') spans.push({ ...before, row, to: at });
      open.set(row, { text, from: at });
    }
  }
  for (const [row, last] of open) if (last.text !== '') spans.push({ ...last, row, to: end });
  return spans;
}

function draw(frames) {
  const end = frames.at(-1).at + END_MS;
  const spans = spansOf(frames, end);
  const [cell, line, edge, bar] = [8.4, 18, 16, 34];
  const height = bar + ROWS * line + edge;
  const width = Math.ceil(COLUMNS * cell + 2 * edge);
  const percent = (at) => `${Number(((at / end) * 100).toFixed(2))}%`;
  const names = new Map();
  const rules = [];
  const gone = [];
  const texts = spans.map(({ row, text, from, to }) => {
    const key = `${from}-${to}`;
    if (!names.has(key) && !(from === 0 && to === end)) {
      const name = `t${names.size}`;
      names.set(key, name);
      const hidden = to === end ? '' : `${percent(to)}{visibility:hidden}`;
      const start = from === 0 ? '' : `0%{visibility:hidden}`;
      rules.push(`@keyframes ${name}{${start}${percent(from)}{visibility:visible}${hidden}}`);
      rules.push(`.${name}{animation:${name} ${end}ms step-end infinite}`);
      if (to !== end) gone.push(`.${name}`);
    }
    const name = names.get(key);
    return `<text${name ? ` class="${name}"` : ''} y="${bar + (row + 1) * line}">${text}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${TYPED}: four nodes run, then one summary">
<style>
:root{--back:#fff;--edge:#d0d7de;--text:#1f2328;--dim:#656d76;--r:#cf222e;--g:#116329;--y:#7d4e00;--u:#0550ae;--m:#6639ba;--c:#1b6a78}
@media(prefers-color-scheme:dark){:root{--back:#0d1117;--edge:#30363d;--text:#e6edf3;--dim:#8b949e;--r:#ff7b72;--g:#3fb950;--y:#d29922;--u:#79c0ff;--m:#d2a8ff;--c:#56d4dd}}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--text);white-space:pre}
.b{font-weight:600}.d{fill:var(--dim)}${[...'rgyumc'].map((name) => `.${name}{fill:var(--${name})}`).join('')}
${gone.join()}{visibility:hidden}
@media(prefers-reduced-motion:no-preference){
${rules.join('\n')}
}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="var(--back)" stroke="var(--edge)"/>
<g fill="var(--edge)"><circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/></g>
<g transform="translate(${edge} 0)" xml:space="preserve">
${texts.join('\n')}
</g>
</svg>
`;
}

function framesOf(chunks) {
  const show = createScreen();
  const frames = [];
  show('$ ');
  // The command is typed, a few characters at a time.
  for (let end = 0; end <= TYPED.length; end += 3) {
    frames.push({ at: end * 25, lines: createScreen()(`$ ${TYPED.slice(0, end)}`) });
  }
  show(`${TYPED}\r\n`);
  const started = frames.at(-1).at + 400;
  for (const { at, text } of chunks) {
    const frame = { at: Math.round(started + at), lines: show(text) };
    // A frame is what the screen shows at its end.
    if (frames.length > 0 && frame.at - frames.at(-1).at < FRAME_MS && frames.at(-1).at >= started) {
      frame.at = frames.at(-1).at;
      frames.pop();
    }
    frames.push(frame);
  }
  return frames;
}

await withExample((folder) => {
  const words = [...command, 'run', '--local', '--nodes', '4'];
  // The first run knows no durations and records them.
  execFileSync(words[0], words.slice(1), { cwd: folder, env: environment, stdio: 'ignore' });
  const frames = framesOf(record(folder, words.map((word) => `'${word}'`).join(' ')));
  mkdirSync(images, { recursive: true });
  const svg = draw(frames);
  writeFileSync(output, svg);
  console.log(`${output}: ${frames.length} frames, ${Math.round(svg.length / 1024)} kB`);
});
