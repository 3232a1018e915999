/**
 * How much a report holds: it must open on a phone, also where the run had two million tests.
 */
export interface ReportLimits {
  /** Passing and skipped tests listed; failed, retried and the slowest ones are always listed. */
  readonly tests: number;
  readonly failures: number;
  readonly retries: number;
  /** Tries of one test that are listed. */
  readonly tries: number;
  /** Characters of one failure message or of one file's console. */
  readonly textLength: number;
  /** Characters of all messages and consoles together. */
  readonly textTotal: number;
  /** Items named by one finding. */
  readonly findingItems: number;
  readonly slowest: number;
}

export const DEFAULT_REPORT_LIMITS: ReportLimits = {
  tests: 50_000,
  failures: 2_000,
  retries: 2_000,
  tries: 20,
  textLength: 20_000,
  textTotal: 16_000_000,
  findingItems: 1_000,
  slowest: 20,
};

/** Cuts texts and counts what was cut. */
export interface TextBudget {
  /** Null where nothing is left for it. */
  take(text: string): string | null;
  omitted(): number;
}

export function createTextBudget({ textLength, textTotal }: ReportLimits): TextBudget {
  let left = textTotal;
  let omitted = 0;
  return {
    take(text) {
      if (text === '') return text;
      const room = Math.min(textLength, left);
      if (text.length <= room) {
        left -= text.length;
        return text;
      }
      omitted += 1;
      // A few words of a traceback are no use.
      if (room < 200) return null;
      const kept = cutAtLine(text, room);
      left -= kept.length;
      const hidden = text.length - kept.length;
      // The reset keeps the colour of what was cut from running on.
      return `${kept}\u001b[0m\n… ${hidden} more characters omitted`;
    },
    omitted: () => omitted,
  };
}

function cutAtLine(text: string, length: number): string {
  const lineEnd = text.lastIndexOf('\n', length);
  return text.slice(0, lineEnd > length / 2 ? lineEnd : length);
}
