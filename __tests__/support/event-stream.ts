/** What a page of the dashboard hears, for tests without a browser. */
import type { LiveMessage } from '../../src/reports/live/live-message';

/** Messages of a stream until its end; whoever stops reading before ends it. */
export async function* readMessages(response: Response): AsyncGenerator<LiveMessage> {
  if (response.body === null) return;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield JSON.parse(data) as LiveMessage;
    }
  }
}
