import { statusClass } from '../model/filter.ts';
import { prettyText } from '../model/json-text.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { HeaderTable } from '../parts/header-table.tsx';
import { Mark } from '../parts/mark.tsx';
import { SetCookies } from '../parts/set-cookies.tsx';
import type { TryAnswer as Answer } from '../shapes.ts';

/** What came back, and what a browser would make of it. */
export function TryAnswer({ answer }: { readonly answer: Answer }) {
  const { status, silent, body, corsProblem, cookiesSet, headers } = answer;
  if (silent !== null) {
    return (
      <section class="part" aria-label="Answer" role="status">
        <h3>No answer</h3>
        <p>{silent}</p>
      </section>
    );
  }
  return (
    <section class="part" aria-label="Answer">
      <p class="card-head" role="status">
        <span class={`status s${statusClass(status)}`}>{status}</span>
        {corsProblem === null ? (
          <Mark
            icon="check"
            tone="good"
            text="CORS allowed"
            title="A page of the frontend may read this answer"
          />
        ) : (
          <Mark icon="cross" tone="bad" text="CORS blocked" title={corsProblem} />
        )}
      </p>
      {corsProblem !== null && <p>{corsProblem}</p>}
      {body === '' ? (
        <p class="soft">The body is empty.</p>
      ) : (
        <CodeBlock text={prettyText(body)} what="Body of the answer" />
      )}
      {cookiesSet.length > 0 && (
        <>
          <h3>Cookies of the answer</h3>
          <SetCookies cookies={cookiesSet} />
        </>
      )}
      <details>
        <summary>Headers of the answer</summary>
        <HeaderTable title="Headers" headers={headers} />
      </details>
    </section>
  );
}
