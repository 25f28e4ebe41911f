import type { ControlRoute } from '../../control/route.ts';
import type { Inspector } from './inspector.ts';

/** What happens, as it happens. EventSource cannot send the secret: the page reads it with fetch. */
export function eventsRoute(inspector: Pick<Inspector, 'subscribe'>): ControlRoute {
  return {
    method: 'GET',
    path: '/inspector/events',
    answer: () => ({ events: (send) => inspector.subscribe(send) }),
  };
}
