/**
 * Takes apart what a server-sent event stream says, in chunks of any size.
 * HTML, 9.2.6 "Interpreting an event stream": only `data` matters here; comments keep the connection open.
 * @returns for each chunk the data of the events that it completed.
 */
export function createEventParser(): (chunk: string) => readonly string[] {
  let rest = '';
  let data: string[] = [];
  return (chunk) => {
    // A CR at the end may be the first half of a CRLF.
    const text = rest + chunk;
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + text.slice(text.length - held);
    const events: string[] = [];
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push(data.join('\n'));
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      }
    }
    return events;
  };
}
