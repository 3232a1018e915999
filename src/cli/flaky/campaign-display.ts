/** Shows a campaign while it lasts. */
import { stderrTerminal } from '../../files/standard-terminals';
import type { ProbeResult, ProbeSpec } from '../../flaky/probe';
import { CONDITION_TEXT, testName } from '../../reports/flaky/grind-lines';
import { countOf, formatDuration } from '../../reports/terminal/format';
import { noteLines } from '../../reports/terminal/note-lines';
import { cutEnd, printable } from '../../reports/terminal/text-width';

export interface CampaignDisplay {
  begin(spec: ProbeSpec): void;
  end(result: ProbeResult): void;
  /** A line for people that stays. */
  note(text: string): void;
  close(): void;
}

/** A log that says nothing for so long gets a line. */
const QUIET_MS = 30_000;

export function openCampaignDisplay(): CampaignDisplay {
  const terminal = stderrTerminal();
  const startedAt = Date.now();
  const known = new Set<string>();
  let probes = 0;
  let failures = 0;
  let toldAt = startedAt;
  const write = (text: string) => process.stderr.write(text);
  const erase = () => terminal.interactive && write('\r\u001b[K');
  const status = () =>
    `${countOf(probes, 'run')}, ${countOf(failures, 'failure')}, ${formatDuration(Date.now() - startedAt)}`;
  /** What was begun last, and has not ended as far as is known. */
  let begun: string | undefined;
  const draw = () => {
    if (!terminal.interactive || begun === undefined) return;
    write(`\r\u001b[K${cutEnd(printable(`${status()}: ${begun}`), terminal.columns - 1, '…')}`);
  };
  return {
    begin({ condition, files }) {
      const what = files.length === 1 ? (files[0] as string) : countOf(files.length, 'file');
      begun = `${what} ${CONDITION_TEXT[condition]}`;
      draw();
    },
    end({ spec, sights, fault }) {
      // Others print between two probes.
      erase();
      begun = undefined;
      probes += 1;
      for (const sight of sights) {
        if (sight.outcome === 'passed') continue;
        failures += 1;
        const key = `${testName(sight)}\0${spec.condition}`;
        if (known.has(key)) continue;
        known.add(key);
        write(`jest-distributed: failed ${CONDITION_TEXT[spec.condition]}: ${printable(testName(sight))}\n`);
        toldAt = Date.now();
      }
      if (fault !== null && !known.has(fault)) {
        known.add(fault);
        write(`jest-distributed: ${printable(fault.split('\n')[0] ?? '')}\n`);
      }
      if (!terminal.interactive && Date.now() - toldAt > QUIET_MS) {
        toldAt = Date.now();
        write(`jest-distributed: ${status()}\n`);
      }
    },
    note: (text) => {
      erase();
      write(`${noteLines(text, terminal).join('\n')}\n`);
      toldAt = Date.now();
      draw();
    },
    close: () => {
      erase();
    },
  };
}
