import { useState } from 'preact/hooks';
import { ENDPOINTS, tryRequest } from '../model/endpoints.ts';
import { Empty } from '../parts/empty.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import type { TryAnswer as Answer } from '../shapes.ts';
import { type ApiProblem, asProblem } from '../state/api-problem.ts';
import { useStore, useWorld } from '../state/hooks.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { EndpointList } from './endpoint-list.tsx';
import { TryAnswer } from './try-answer.tsx';
import { TryJar } from './try-jar.tsx';

/** The auth API by hand: a form for each endpoint, sent as a page of the frontend would send it. */
export function TryView() {
  const { api, actions } = useWorld();
  const basePath = useStore(({ overview }) => overview?.auth?.basePath);
  const isRead = useStore(({ overview }) => overview !== null);
  const [endpoint, setEndpoint] = useState(ENDPOINTS[0]);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [jar, setJar] = useState<Answer['jar']>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [reveal, setReveal] = useState(false);

  if (!isRead) return <Empty title="Reading" />;
  if (basePath === undefined || endpoint === undefined) {
    return (
      <div class="page">
        <Empty title="No forms">
          The API is a backend of your own. The forms are for the endpoints of the auth API that comes along.
        </Empty>
      </div>
    );
  }
  const send = async (values: Readonly<Record<string, string>>): Promise<void> => {
    setBusy(true);
    try {
      const next = await api.tryOut(tryRequest(endpoint, basePath, values), reveal);
      setAnswer(next);
      setJar(next.jar);
      setProblem(null);
    } catch (cause) {
      setProblem(asProblem(cause));
    } finally {
      setBusy(false);
    }
  };
  const emptyJar = async (): Promise<void> => {
    if (await actions.clear('/inspector/try')) setJar([]);
  };
  return (
    <div class="page try">
      <EndpointList
        endpoints={ENDPOINTS}
        selected={endpoint}
        onSelect={(next) => {
          setEndpoint(next);
          setAnswer(null);
        }}
      />
      <div class="try-main">
        <EndpointForm
          key={endpoint.id}
          endpoint={endpoint}
          basePath={basePath}
          isBusy={isBusy}
          isRevealing={reveal}
          onReveal={setReveal}
          onSend={(values) => void send(values)}
        />
        {problem !== null && <ProblemNote problem={problem} onClose={() => setProblem(null)} />}
        {answer !== null && <TryAnswer answer={answer} />}
        <TryJar cookies={jar} onEmpty={() => void emptyJar()} />
      </div>
    </div>
  );
}
