import { useState } from 'preact/hooks';
import { Empty } from '../parts/empty.tsx';
import { JarCookies } from '../parts/jar-cookies.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { Switch } from '../parts/switch.tsx';
import { useLoaded, useStore, useThrottled, useWorld } from '../state/hooks.ts';

/** How quickly the jars follow what passes, in milliseconds. */
const PACE_MS = 1000;

/** The jar of each browser, as it should be now. */
export function CookiesView() {
  const { api } = useWorld();
  const [reveal, setReveal] = useState(false);
  const last = useThrottled(
    useStore(({ rows }) => rows.at(-1)?.seq),
    PACE_MS,
  );
  const { value: jars, problem, reload } = useLoaded((signal) => api.jars(reveal, signal), [reveal, last]);
  return (
    <div class="page">
      <div class="page-head">
        <h2>Cookie jars</h2>
        <p class="soft">Judged from the traffic: what each client should hold now, by Chromium's rules.</p>
        <span class="push">
          <Switch label="Reveal" title="Show the values of the cookies" isOn={reveal} onChange={setReveal} />
        </span>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} onRetry={reload} />}
      {jars?.length === 0 && (
        <Empty title="No cookies yet">
          They show up as soon as an answer sets one or a request carries one.
        </Empty>
      )}
      {jars?.map(({ client, cookies }) => (
        <section class="part" key={client}>
          <h3>{client === '' ? 'A client without a name' : client}</h3>
          {cookies.length === 0 ? <p class="soft">Empty now.</p> : <JarCookies cookies={cookies} />}
        </section>
      ))}
    </div>
  );
}
