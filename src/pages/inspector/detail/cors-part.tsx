import { Empty } from '../parts/empty.tsx';
import { Mark } from '../parts/mark.tsx';
import type { CorsStep } from '../shapes.ts';

/** The decision of the browser, one step after another. */
export function CorsPart({ steps }: { readonly steps: readonly CorsStep[] }) {
  if (steps.length === 0) {
    return <Empty title="Not across origins">No page of another origin asked, so CORS has no say.</Empty>;
  }
  return (
    <ol class="steps">
      {steps.map(({ title, ok, detail }, at) => (
        <li key={at}>
          <p class="card-head">
            <strong>{title}</strong>
            <StepMark ok={ok} />
          </p>
          <p>{detail}</p>
        </li>
      ))}
    </ol>
  );
}

/** Where a step decides nothing there is no mark. */
function StepMark({ ok }: { readonly ok: boolean | null }) {
  if (ok === null) return null;
  return ok ? (
    <Mark icon="check" tone="good" text="passed" title="This step passed" />
  ) : (
    <Mark icon="cross" tone="bad" text="failed" title="This step failed" />
  );
}
