/** Addresses → answers. Nothing here writes anything. */
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { isDistributedError } from '../errors';
import type { DashboardData, OpenedRun } from '../reports/dashboard/data';
import type { LiveMessage } from '../reports/live/live-message';
import { type AccessRules, judgeRequest } from './access';
import { type LiveRoom, openLiveRoom } from './live-room';
import { PAGE, SECURITY_HEADERS } from './page';
import { readExecutionFilter, readRunFilter } from './request-filters';

export interface DashboardAssets {
  readonly script: string;
  readonly styles: string;
}

export interface DashboardApp {
  readonly fetch: Hono['fetch'];
  /** Ends what is followed. */
  readonly close: () => void;
}

/** A proxy closes a connection that is silent for longer. */
const PING_MS = 15_000;

/** A list that two pages ask for within this is asked for once. */
const FRESH_MS = 2_000;

const UNEXPECTED = 'The dashboard met an error; its terminal says more.';

/** Answers that are kept for that. */
const MOST_KEPT = 50;

/** What a page says of an error. Messages of ours hold no secret; of anything else nobody knows. */
function textOf(error: unknown): string {
  if (isDistributedError(error)) return error.fact;
  process.stderr.write(`jest-distributed: the dashboard met ${(error as Error).stack}\n`);
  return UNEXPECTED;
}

function createRooms(data: DashboardData) {
  const rooms = new Map<string, Promise<(OpenedRun & { readonly room: LiveRoom }) | null>>();
  return {
    open: (id: string) => {
      const known = rooms.get(id);
      if (known !== undefined) return known;
      const opening = data.open(id).then((opened) => {
        if (opened === null) {
          rooms.delete(id);
          return null;
        }
        return { ...opened, room: openLiveRoom(opened.source, { onClose: () => rooms.delete(id), textOf }) };
      });
      opening.catch(() => rooms.delete(id));
      rooms.set(id, opening);
      return opening;
    },
    close: () => {
      for (const opening of rooms.values()) opening.then((opened) => opened?.room.close()).catch(() => undefined);
    },
  };
}

/** The same question within a moment has the same answer. */
function createAnswers() {
  const answers = new Map<string, { readonly atMs: number; readonly answer: Promise<unknown> }>();
  return (question: string, ask: () => Promise<unknown>): Promise<unknown> => {
    const known = answers.get(question);
    if (known !== undefined && performance.now() - known.atMs < FRESH_MS) return known.answer;
    if (answers.size >= MOST_KEPT) answers.clear();
    const answer = ask();
    answers.set(question, { atMs: performance.now(), answer });
    answer.catch(() => answers.delete(question));
    return answer;
  };
}

/** Messages to one page, as fast as it takes them. */
function streamRoom(context: Context, room: LiveRoom): Response {
  return streamSSE(context, async (stream) => {
    let waiting: LiveMessage[] = [];
    let wake = () => {};
    const leave = room.join((message) => {
      // How it stands says all that waits before it, and what is told after an outage begins with that.
      waiting = message.kind === 'snapshot' ? [message] : [...waiting, message];
      wake();
    });
    stream.onAbort(() => wake());
    try {
      while (!stream.aborted && !stream.closed) {
        const messages = waiting;
        waiting = [];
        for (const message of messages) {
          await stream.writeSSE({ data: JSON.stringify(message) });
          if (message.kind === 'end') return;
        }
        if (waiting.length > 0) continue;
        let timer: NodeJS.Timeout | undefined;
        const isWoken = await new Promise<boolean>((resolve) => {
          wake = () => resolve(true);
          timer = setTimeout(() => resolve(false), PING_MS);
        });
        clearTimeout(timer);
        if (!isWoken) await stream.write(': still here\n\n');
      }
    } finally {
      leave();
    }
  });
}

export function createDashboardApp(data: DashboardData, assets: DashboardAssets, rules: AccessRules): DashboardApp {
  const app = new Hono();
  const rooms = createRooms(data);
  const answer = createAnswers();

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    const { pathname, search } = new URL(context.req.url);
    const access = judgeRequest(
      { method: context.req.method, target: pathname + search, header: (name) => context.req.header(name) },
      rules,
    );
    if (access.kind === 'refused') return context.text(`${access.text}\n`, access.status);
    if (access.kind === 'sign-in') {
      context.header('Set-Cookie', `${rules.cookie}=${rules.token}; HttpOnly; SameSite=Strict; Path=/`);
      return context.redirect('/', 303);
    }
    return next();
  });

  app.onError((error, context) => {
    const code = isDistributedError(error) ? { code: error.code } : {};
    return context.json({ error: { ...code, message: textOf(error) } }, 500);
  });
  app.notFound((context) => context.json({ error: { message: 'There is nothing at this address.' } }, 404));

  app.get('/', (context) => context.html(PAGE));
  app.get('/app.js', (context) =>
    context.body(assets.script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/app.css', (context) => context.body(assets.styles, 200, { 'Content-Type': 'text/css; charset=utf-8' }));

  const list = (path: string, ask: (context: Context) => Promise<unknown>) =>
    app.get(path, async (context) => {
      const { pathname, search } = new URL(context.req.url);
      return context.json((await answer(pathname + search, () => ask(context))) as object);
    });
  const filterOf = (context: Context) => readRunFilter((name) => context.req.query(name));
  list('/api/facts', async () => ({ ...data.facts, ...(await data.facets()) }));
  list('/api/runs', (context) => data.runs(filterOf(context)));
  list('/api/failures', (context) => data.failures(filterOf(context)));
  list('/api/flaky', (context) => data.flaky(filterOf(context)));
  list('/api/slow/files', (context) => data.slow('files', filterOf(context)));
  list('/api/slow/tests', (context) => data.slow('tests', filterOf(context)));
  list('/api/executions', async (context) => {
    const filter = readExecutionFilter((name) => context.req.query(name));
    return filter === null ? [] : data.executions(filter);
  });

  app.get('/api/runs/:id', async (context) => {
    const opened = await rooms.open(context.req.param('id'));
    return opened === null ? context.notFound() : context.json(opened.facts);
  });
  app.get('/api/runs/:id/events', async (context) => {
    const opened = await rooms.open(context.req.param('id'));
    return opened === null ? context.notFound() : streamRoom(context, opened.room);
  });

  return { fetch: app.fetch, close: rooms.close };
}
