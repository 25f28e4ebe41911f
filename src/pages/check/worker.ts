/** What is used of ServiceWorkerGlobalScope, which the DOM's types do not know. */
interface WorkerScope {
  readonly clients: { readonly claim: () => Promise<void> };
  readonly skipWaiting: () => Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
}

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends Event {
  readonly request: Request;
  respondWith(answer: Response): void;
}

const worker = self as unknown as WorkerScope;

// It is wanted now, for this page.
worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (event) => {
  // Everything else goes its usual way.
  if (new URL(event.request.url).pathname !== '/__jwt-dev/check/worker-answer') return;
  event.respondWith(new Response('', { headers: { 'X-Answered-By': 'service worker' } }));
});
