import { byUrgency, findingKey } from '../model/findings.ts';
import { Empty } from '../parts/empty.tsx';
import { FindingCard } from '../parts/finding-card.tsx';
import { Icon } from '../parts/icon.tsx';
import { useStore, useWorld } from '../state/hooks.ts';

/** What the traffic showed to be wrong, and how to mend it. */
export function FindingsView() {
  const { actions } = useWorld();
  const findings = useStore((state) => state.findings);
  return (
    <div class="page">
      <div class="page-head">
        <h2>Findings</h2>
        <p class="soft">The same that the terminal shows, and jwt-dev status.</p>
        <span class="push">
          <button
            type="button"
            class="quiet"
            disabled={findings.length === 0}
            onClick={() => void actions.clear('/findings')}
          >
            <Icon name="trash" />
            Clear
          </button>
        </span>
      </div>
      {findings.length === 0 ? (
        <Empty title="No findings">
          Nothing of what passed so far is a mistake with cookies, CORS, tokens or certificates.
        </Empty>
      ) : (
        <div class="cards">
          {byUrgency(findings).map((finding) => (
            <FindingCard key={findingKey(finding)} finding={finding} />
          ))}
        </div>
      )}
    </div>
  );
}
