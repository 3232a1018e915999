/** How executions of items end, and what the queue makes of that. */
export type Outcome = 'passed' | 'failed';
/** `poison`: every node that ran it died. */
export type AcceptedOutcome = Outcome | 'poison';

export type Decision =
  /** The one result that counts. */
  | 'accepted'
  /** It failed, and another node will try. */
  | 'retried'
  /** Another result was accepted or is awaited; this one counts for nothing. */
  | 'superseded';
