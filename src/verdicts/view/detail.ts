import type { DescribedFinding } from '../findings/format.ts';
import { valuesOf } from '../header-pairs.ts';
import { requestCookies } from '../watch/request-cookies.ts';
import { createSightReader, type Sight } from '../watch/sight.ts';
import type { WatchSettings } from '../watch/types.ts';
import { corsSteps } from './cors-steps.ts';
import { keptBackView } from './kept-back-words.ts';
import type { Look } from './ledger.ts';
import { followsAtOnce, isPreflightOf } from './preflight-match.ts';
import { type BodyText, createRedaction, REVEALING, type Redaction } from './redaction.ts';
import { setCookieViews } from './set-cookie-views.ts';
import { bodyTokens, type TokenPlace, tokenViews } from './token-views.ts';
import type { BodyView, ExchangeDetail, MessageView } from './types.ts';
import type { ViewedExchange } from './viewed-exchange.ts';

/** A body that was kept, decoded. */
export interface KnownBody {
  readonly mediaType: string;
  /** null: it is no text, or nobody can decompress it. */
  readonly text: string | null;
  /** null: how long it is in all is not known. */
  readonly size: number | null;
  readonly isCut: boolean;
}

export interface DetailInput {
  readonly exchange: ViewedExchange;
  readonly look: Look;
  /** Exchanges of which one may be the preflight, or the request behind it; the likeliest first. */
  readonly partners: readonly ViewedExchange[];
  readonly requestBody: KnownBody | null;
  readonly responseBody: KnownBody | null;
  readonly shown: readonly DescribedFinding[];
  readonly reveal: boolean;
}

/** Everything that is to say of one exchange. */
export function createDetail(input: DetailInput, settings: WatchSettings): ExchangeDetail {
  const { exchange, look, reveal } = input;
  const read = createSightReader(settings);
  const sight = read(exchange);
  const partner = partnerOf(sight, input.partners.map(read));
  const redaction = reveal ? REVEALING : redactionOf(input);
  const [before] = exchange.url.split(exchange.target, 1);
  return {
    ...look.row,
    findings: [...new Set(input.shown.map(({ code }) => code))],
    url: `${before ?? ''}${redaction.target(exchange.target)}`,
    httpVersion: exchange.httpVersion,
    revealed: reveal,
    request: messageView(exchange.requestHeaders, input.requestBody, null, redaction),
    response: messageView(answerHeadersOf(exchange), input.responseBody, exchange.status, redaction),
    withheld: redaction.headers(exchange.withheldHeaders),
    failureText:
      exchange.failure === null
        ? null
        : { message: redaction.text(exchange.failure.message), hint: redaction.text(exchange.failure.hint) },
    cookiesSent: requestCookies(sight.cookie).map(([name, value], at) => ({
      name,
      value: redaction.cookieValue(value),
      known: look.cookies?.known[at] ?? false,
    })),
    cookiesKeptBack: look.cookies?.keptBack.map((cookie) => keptBackView(cookie, sight)) ?? [],
    cookiesSet: setCookieViews(sight, look.cookies?.verdicts ?? [], redaction),
    corsSteps: corsSteps(sight, partner),
    tokens: tokenViews(placesOf(sight, input), redaction),
    shown: input.shown,
  };
}

function partnerOf(sight: Sight, candidates: readonly Sight[]): Sight | null {
  return candidates.find((other) => isPreflightOf(other, sight) || followsAtOnce(sight, other)) ?? null;
}

function redactionOf({ exchange, requestBody, responseBody }: DetailInput): Redaction {
  return createRedaction({
    headers: [exchange.requestHeaders, exchange.responseHeaders],
    target: exchange.target,
    isRequestKnown: isRequestKnown(exchange, requestBody),
    bodies: [bodyText(requestBody, null), bodyText(responseBody, exchange.status)].filter(
      (body) => body !== null,
    ),
  });
}

/** Whether the whole body of the request is there to be looked through, or it had none. */
function isRequestKnown({ method, requestHeaders }: ViewedExchange, body: KnownBody | null): boolean {
  if (body !== null) return body.text !== null && !body.isCut;
  const [length] = valuesOf(requestHeaders, 'content-length');
  return length === '0' || /^(?:GET|HEAD|OPTIONS)$/.test(method);
}

function bodyText(body: KnownBody | null, status: number | null): BodyText | null {
  if (body === null || body.text === null) return null;
  return { mediaType: body.mediaType, text: body.text, isCut: body.isCut, status };
}

function messageView(
  headers: ViewedExchange['requestHeaders'],
  body: KnownBody | null,
  status: number | null,
  redaction: Redaction,
): MessageView {
  return { headers: redaction.headers(headers), body: bodyView(body, status, redaction) };
}

function bodyView(body: KnownBody | null, status: number | null, redaction: Redaction): BodyView | null {
  if (body === null) return null;
  const text = bodyText(body, status);
  return { ...body, text: text === null ? null : redaction.body(text) };
}

/** Without our own cookie, which no backend sets. */
function answerHeadersOf({ responseHeaders }: ViewedExchange): ViewedExchange['responseHeaders'] {
  return responseHeaders.filter(
    ([name, value]) => name.toLowerCase() !== 'set-cookie' || !value.startsWith('__jwtdev='),
  );
}

function placesOf(sight: Sight, { requestBody, responseBody }: DetailInput): readonly TokenPlace[] {
  const places: TokenPlace[] = requestCookies(sight.cookie).map(([name, value]) => [`Cookie ${name}`, value]);
  for (const [name, value] of sight.exchange.requestHeaders) {
    if (/^(?:proxy-)?authorization$/i.test(name)) places.push([name, value.replace(/^\S+\s+/, '')]);
  }
  for (const line of sight.setCookie) {
    const [[name, value] = ['', '']] = requestCookies(line.split(';', 1)[0] ?? '');
    places.push([`Set-Cookie ${name}`, value]);
  }
  for (const body of [requestBody, responseBody]) {
    if (typeof body?.text === 'string') places.push(...bodyTokens(body.text));
  }
  return places;
}
