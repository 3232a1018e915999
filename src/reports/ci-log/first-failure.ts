/**
 * The first failure of a node, from the events of its tests: reported when it happens, and annotated when it is sure to
 * count. One that passes when it is tried again, or that the queue sends to another node, is the first no more.
 */
import { fileKey } from '../../plan/item';
import type { NodeEvent, RunningItem } from '../live/events';

export interface OpenFailure extends RunningItem {
  /** Full name; null where the file failed as a whole. */
  readonly test: string | null;
  readonly error: string;
  /** Its file has ended, and this failure counts. */
  readonly isFinal: boolean;
}

export interface FirstFailureState {
  /** Oldest first; the first one is reported. */
  readonly open: readonly OpenFailure[];
  /** The first failure counts: nothing more is reported. */
  readonly isDone: boolean;
}

export interface FirstFailureNews {
  readonly kind:
    | 'failed'
    /** It passed when it was tried again. */
    | 'recovered'
    /** The queue has its file run again, or has another result of it. */
    | 'withdrawn'
    /** Nothing can take it back any more. */
    | 'counts';
  readonly failure: OpenFailure;
}

export const NO_FAILURE: FirstFailureState = { open: [], isDone: false };

/** Of ten thousand failures each waits for the ones before it to pass, which will not happen. */
const MOST_OPEN = 100;

interface Step {
  readonly state: FirstFailureState;
  readonly news: readonly FirstFailureNews[];
}

const isOf = (item: RunningItem) => {
  const key = fileKey(item.file, item.part);
  return (failure: OpenFailure): boolean => fileKey(failure.file, failure.part) === key;
};

/** What the first of these failures is worth saying. */
function beginWith(open: readonly OpenFailure[]): Step {
  const [first] = open;
  if (first === undefined) return { state: NO_FAILURE, news: [] };
  const news: FirstFailureNews[] = [{ kind: 'failed', failure: first }];
  if (!first.isFinal) return { state: { open, isDone: false }, news };
  return { state: { open: [], isDone: true }, news: [...news, { kind: 'counts', failure: first }] };
}

/** Takes failures out, and reports the one that is the first then. */
function takeOut(
  state: FirstFailureState,
  kind: 'recovered' | 'withdrawn',
  isMeant: (failure: OpenFailure) => boolean,
): Step {
  const [first] = state.open;
  const open = state.open.filter((failure) => failure.isFinal || !isMeant(failure));
  if (first === undefined || open[0] === first) return { state: { ...state, open }, news: [] };
  const next = beginWith(open);
  return { state: next.state, news: [{ kind, failure: first }, ...next.news] };
}

/** Its failures count, whatever is still said of other files. */
function endFile(state: FirstFailureState, item: RunningItem): Step {
  const isOwn = isOf(item);
  const open = state.open.map((failure) => (isOwn(failure) ? { ...failure, isFinal: true } : failure));
  const [first] = open;
  if (first?.isFinal !== true) return { state: { ...state, open }, news: [] };
  return { state: { open: [], isDone: true }, news: [{ kind: 'counts', failure: first }] };
}

export function followFirstFailure(state: FirstFailureState, event: NodeEvent): Step {
  if (state.isDone) return { state, news: [] };
  switch (event.kind) {
    case 'test-failed': {
      if (state.open.length >= MOST_OPEN) return { state, news: [] };
      const { file, part, test, error } = event;
      const failure = { file, part, test, error, isFinal: false };
      if (state.open.length === 0) return beginWith([failure]);
      return { state: { ...state, open: [...state.open, failure] }, news: [] };
    }
    case 'test-passed': {
      const isOwn = isOf(event);
      return takeOut(state, 'recovered', (failure) => isOwn(failure) && failure.test === event.test);
    }
    case 'file-withdrawn':
      return takeOut(state, 'withdrawn', isOf(event));
    case 'file-ended':
      return event.ok ? takeOut(state, 'recovered', isOf(event)) : endFile(state, event);
    default:
      return { state, news: [] };
  }
}
