import type { ComponentChildren } from 'preact';
import { countOf, formatBytes, formatDateTime, formatDuration } from '../model/format.ts';
import { marksOf } from '../model/marks.ts';
import { Commands } from '../parts/commands.tsx';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import type { ExchangeDetail } from '../shapes.ts';

/** The facts, and what is to be said of them at a glance. */
export function OverviewPart({ detail }: { readonly detail: ExchangeDetail }) {
  const { failureText, shown, cookiesKeptBack } = detail;
  const marks = marksOf(detail);
  return (
    <>
      {failureText !== null && (
        <div class="note bad">
          <Icon name="warning" />
          <p>
            {failureText.message} <Commands text={failureText.hint} />
          </p>
        </div>
      )}
      {marks.length > 0 && (
        <ul class="verdicts" aria-label="Verdicts">
          {marks.map((mark) => (
            <li key={mark.text}>
              <Mark {...mark} /> {shown.find(({ code }) => code === mark.text)?.title ?? mark.title}
            </li>
          ))}
        </ul>
      )}
      <dl class="facts">
        <Fact name="URL">
          <code>{detail.url}</code>
        </Fact>
        <Fact name="Began">{formatDateTime(detail.at)}</Fact>
        <Fact name="Took">{formatDuration(detail.durationMs)}</Fact>
        <Fact name="Client">{detail.client === '' ? 'It does not say.' : detail.client}</Fact>
        <Fact name="Protocol">
          {detail.kind === 'websocket' ? `WebSocket, ${detail.httpVersion}` : detail.httpVersion}
        </Fact>
        <Fact name="Answered by">{detail.upstream ?? 'the proxy itself'}</Fact>
        <Fact name="Request">{bodyText(detail.request.body)}</Fact>
        <Fact name="Response">{bodyText(detail.response.body)}</Fact>
        <Fact name="Cookies">
          {[
            `${countOf(detail.cookies.sent, 'cookie')} sent`,
            ...(cookiesKeptBack.length > 0 ? [`${cookiesKeptBack.length} kept back`] : []),
            `${detail.cookiesSet.length} in the answer`,
          ].join(', ')}
        </Fact>
      </dl>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function bodyText(body: ExchangeDetail['request']['body']): string {
  if (body === null) return 'no body';
  const size = body.size === null ? 'size unknown' : formatBytes(body.size);
  return body.mediaType === '' ? size : `${size}, ${body.mediaType}`;
}
