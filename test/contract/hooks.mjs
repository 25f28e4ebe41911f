import http from 'node:http';

/**
 * What the replayer needs beside the API: captured mail and switching users off. A server of its own, so that the
 * API under test is served as users get it. Answers { url, close }.
 */
export async function startHooks(store) {
  const server = http.createServer((request, response) => {
    answer(store, request).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

async function answer(store, request) {
  const url = new URL(request.url, 'http://hooks');
  if (url.pathname === '/mail') {
    const messages = await store.listMail({ to: url.searchParams.get('to') ?? '' });
    return { messages: messages.map(({ subject, body }) => ({ subject, body })) };
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { op, username } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const user = await store.userByUsername(username);
  if (user === undefined) throw new Error(`no user ${username}`);
  if (op === 'delete') await store.removeUser(user.id);
  else await store.changeUser(user.id, { isActive: op === 'activate' });
  return {};
}
