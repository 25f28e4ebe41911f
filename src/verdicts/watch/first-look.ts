import type { WatchedExchange, WatchSettings } from './types.ts';

/**
 * Whether any rule could have anything to say. Modules, images and styles of the frontend are most of all traffic; this
 * look at them takes about as long as reading their header names, and nothing is allocated for it.
 */
export function isWorthALook(exchange: WatchedExchange, settings: WatchSettings): boolean {
  const { url, method, kind, status } = exchange;
  if (method !== 'GET' || kind !== 'http' || status >= 400) return true;
  if (exchange.withheldHeaders.length > 0) return true;
  const { frontendOrigin } = settings;
  if (!url.startsWith(frontendOrigin) || url.charCodeAt(frontendOrigin.length) !== 47) return true;
  return hasTellingRequest(exchange) || hasTellingAnswer(exchange);
}

function hasTellingRequest({ requestHeaders }: WatchedExchange): boolean {
  for (const [name, value] of requestHeaders) {
    if (name.length === 6) {
      if (name.toLowerCase() === 'origin') return true;
    } else if (name.length === 14 && value === 'document' && name.toLowerCase() === 'sec-fetch-dest') {
      return true;
    }
  }
  return false;
}

function hasTellingAnswer({ responseHeaders }: WatchedExchange): boolean {
  for (const [name] of responseHeaders) {
    if (name.length === 10) {
      if (name.toLowerCase() === 'set-cookie') return true;
    } else if (name.length === 28 && name.toLowerCase() === 'cross-origin-resource-policy') return true;
  }
  return false;
}
