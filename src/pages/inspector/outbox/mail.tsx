import { formatDateTime } from '../model/format.ts';
import { splitLinks } from '../model/links.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import type { MailView } from '../state/api.ts';

/** One mail: whom it is for, its text with links that can be followed, and the link's parts. */
export function Mail({ mail }: { readonly mail: MailView }) {
  const { to, subject, body, parts, sentAt, type } = mail;
  return (
    <article class="card mail" aria-label={`${subject}, to ${to}`}>
      <p class="card-head">
        <strong>{subject}</strong>
        <span class="attribute">{type}</span>
      </p>
      <p class="soft">
        to <span class="to">{to}</span> at {formatDateTime(sentAt)}
      </p>
      <p class="mail-text">
        {splitLinks(body).map(({ text, href }, at) =>
          href === null ? (
            text
          ) : (
            <a key={at} href={href} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          ),
        )}
      </p>
      <dl class="facts">
        {Object.entries(parts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code> <CopyButton text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
