/**
 * Fixtures that are set up once for all nodes of a run: the queue says which node sets one up, which waits for it, and
 * which tears it down. The work itself is the node's.
 *
 * Rules that hold for every implementation:
 * - one node at a time sets up or tears down; session and claim number are the fence, as of an item's lease;
 * - whoever does so has a time for it, and a set-up also ends with the node's session: then another node takes over, tears
 *   down what was begun, and sets up again;
 * - what is ready stays so as long as one of its users has a live session, whoever set it up;
 * - the last user that leaves tears down, and then nothing of it is left here.
 */
/** The right to set up a fixture, or to tear it down. */
export interface FixtureClaim {
  /** Name of the fixture, equal on all nodes. */
  readonly fixture: string;
  readonly claimNumber: number;
}

export type FixtureStep =
  /** This node sets it up, and first tears down what another one had begun or left, where `leftover` is not null. */
  | { readonly kind: 'set-up'; readonly claim: FixtureClaim; readonly leftover: FixtureLeftover | null }
  /** A node sets it up or tears it down now: ask again later. */
  | { readonly kind: 'wait'; readonly node: string }
  | { readonly kind: 'ready'; readonly result: string; readonly node: string };

export interface FixtureLeftover {
  /** Null where the set-up did not get to its end. */
  readonly result: string | null;
}

export interface FixtureTeardown extends FixtureLeftover {
  readonly claim: FixtureClaim;
}

export interface RunFixtures<Session> {
  /**
   * What this node is to do for a fixture that it needs; from now on it is one of its users.
   *
   * @param limitMs the longest time that a set-up takes, with a teardown before it.
   * @throws DistributedError `QUEUE_SESSION_GONE` where the run was pruned.
   */
  askFixture(session: Session, fixture: string, limitMs: number): Promise<FixtureStep>;
  /**
   * Delivers what a set-up gave, a text that is every user's; it may hold secrets, and nobody else gets it. False where
   * another node has taken over.
   */
  settleFixture(session: Session, claim: FixtureClaim, result: string): Promise<boolean>;
  /**
   * This node uses it no more, even if its session has ended. The last user gets a teardown to do, others null. Asked
   * again before `removeFixture` it gives the same.
   *
   * @param limitMs the longest time that a teardown takes.
   */
  leaveFixture(session: Session, fixture: string, limitMs: number): Promise<FixtureTeardown | null>;
  /** It is torn down: deletes it. */
  removeFixture(session: Session, claim: FixtureClaim): Promise<void>;
}
