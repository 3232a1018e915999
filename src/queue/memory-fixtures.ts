/** Fixtures of a run in memory: the readable version of what the database does in SQL. */
import type { MemoryFixture, MemoryRun } from './memory-run';
import type { QueueSession } from './queue';
import type { FixtureClaim, FixtureStep, FixtureTeardown } from './run-fixtures';

function isAlive({ sessions }: MemoryRun, id: string, nowMs: number): boolean {
  const session = sessions.get(id);
  return session !== undefined && !session.left && session.aliveUntilMs > nowMs;
}

/** Whether another user than this session is there. */
function isUsedElsewhere(run: MemoryRun, { users }: MemoryFixture, own: string, nowMs: number): boolean {
  return [...users].some((id) => id !== own && isAlive(run, id, nowMs));
}

const claimOf = (fixture: string, { claimNumber }: MemoryFixture): FixtureClaim => ({ fixture, claimNumber });

export function askFixture(
  run: MemoryRun,
  { sessionId }: QueueSession,
  name: string,
  limitMs: number,
  nowMs: number,
): FixtureStep {
  let fixture = run.fixtures.get(name);
  if (fixture === undefined) {
    const busyUntilMs = nowMs + limitMs;
    fixture = { ...{ state: 'setting-up', claimNumber: 1, sessionId, busyUntilMs, result: null }, users: new Set() };
    run.fixtures.set(name, fixture);
  }
  const { state, result, users } = fixture;
  const node = run.sessions.get(fixture.sessionId)?.node ?? '';
  const isOwn = state === 'setting-up' && fixture.sessionId === sessionId;
  if (state === 'ready' && (users.has(sessionId) || isUsedElsewhere(run, fixture, sessionId, nowMs))) {
    users.add(sessionId);
    return { kind: 'ready', result: result ?? '', node };
  }
  const isBusy =
    fixture.busyUntilMs > nowMs &&
    (state === 'tearing-down' || (state === 'setting-up' && isAlive(run, fixture.sessionId, nowMs)));
  if (isBusy && !isOwn) {
    users.add(sessionId);
    return { kind: 'wait', node };
  }
  if (!isOwn) {
    const claimNumber = fixture.claimNumber + 1;
    Object.assign(fixture, { state: 'setting-up', claimNumber, sessionId, busyUntilMs: nowMs + limitMs });
  }
  users.add(sessionId);
  return {
    kind: 'set-up',
    claim: claimOf(name, fixture),
    leftover: fixture.claimNumber === 1 ? null : { result },
  };
}

/** Undefined where it is not this session's any more. */
function claimed(run: MemoryRun, { sessionId }: QueueSession, claim: FixtureClaim): MemoryFixture | undefined {
  const fixture = run.fixtures.get(claim.fixture);
  return fixture?.claimNumber === claim.claimNumber && fixture.sessionId === sessionId ? fixture : undefined;
}

export function settleFixture(run: MemoryRun, session: QueueSession, claim: FixtureClaim, result: string): boolean {
  const fixture = claimed(run, session, claim);
  if (fixture === undefined || fixture.state === 'tearing-down') return false;
  Object.assign(fixture, { state: 'ready', result });
  return true;
}

export function leaveFixture(
  run: MemoryRun,
  { sessionId }: QueueSession,
  name: string,
  limitMs: number,
  nowMs: number,
): FixtureTeardown | null {
  const fixture = run.fixtures.get(name);
  if (fixture === undefined) return null;
  const isOwn = fixture.sessionId === sessionId;
  if (fixture.state === 'tearing-down') return isOwn ? { claim: claimOf(name, fixture), result: fixture.result } : null;
  fixture.users.delete(sessionId);
  if (isUsedElsewhere(run, fixture, sessionId, nowMs)) {
    // Whoever waits takes over at once.
    if (fixture.state === 'setting-up' && isOwn) fixture.busyUntilMs = nowMs;
    return null;
  }
  const claimNumber = fixture.claimNumber + 1;
  Object.assign(fixture, { state: 'tearing-down', claimNumber, sessionId, busyUntilMs: nowMs + limitMs });
  return { claim: claimOf(name, fixture), result: fixture.result };
}

export function removeFixture(run: MemoryRun, session: QueueSession, claim: FixtureClaim): void {
  if (claimed(run, session, claim)?.state === 'tearing-down') run.fixtures.delete(claim.fixture);
}
