import { formatBytes } from '../model/format.ts';
import { describeBody, prettyText } from '../model/json-text.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import type { BodyView, ExchangeDetail } from '../shapes.ts';

/** How both bodies begin. */
export function BodiesPart({ detail }: { readonly detail: ExchangeDetail }) {
  return (
    <>
      <Body title="Request body" body={detail.request.body} />
      <Body title="Response body" body={detail.response.body} />
    </>
  );
}

function Body({ title, body }: { readonly title: string; readonly body: BodyView | null }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {body === null ? (
        <p class="soft">None.</p>
      ) : (
        <>
          <p class="soft">
            {describeBody(body)}
            {body.size !== null && `, ${formatBytes(body.size)}`}
          </p>
          {body.text !== null && body.text !== '' && <CodeBlock text={prettyText(body.text)} what={title} />}
        </>
      )}
    </section>
  );
}
