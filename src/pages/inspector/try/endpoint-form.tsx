import { useEffect, useState } from 'preact/hooks';
import type { Endpoint, EndpointField, Prefill } from '../model/endpoints.ts';
import { Icon } from '../parts/icon.tsx';
import { Switch } from '../parts/switch.tsx';
import type { Overview } from '../shapes.ts';
import type { MailView } from '../state/api.ts';
import { useLoaded, useStore, useWorld } from '../state/hooks.ts';
import { PersonaChoice } from './persona-choice.tsx';

type Persona = Overview['users'][number];

interface EndpointFormProps {
  readonly endpoint: Endpoint;
  readonly basePath: string;
  readonly isBusy: boolean;
  /** Whether the answer is shown with its secrets. */
  readonly isRevealing: boolean;
  readonly onReveal: (isOn: boolean) => void;
  readonly onSend: (values: Readonly<Record<string, string>>) => void;
}

/** The fields of an endpoint, filled in with a known user or with what the newest mail says. */
export function EndpointForm(props: EndpointFormProps) {
  const { endpoint, basePath, isBusy, isRevealing, onReveal, onSend } = props;
  const { api } = useWorld();
  const users = useStore(({ overview }) => overview?.users ?? NOBODY);
  const mailNumber = useStore((state) => state.mailNumber);
  const { value: mails } = useLoaded((signal) => api.mails(signal), [mailNumber]);
  const [values, setValues] = useState(() => prefilled(endpoint.fields, users[0], undefined));
  const takesUser = endpoint.fields.some(({ prefill }) => prefill !== undefined && OF_USER.has(prefill));
  const takesMail = endpoint.fields.some(({ prefill }) => prefill !== undefined && !OF_USER.has(prefill));
  const newest = mails?.toSorted((a, b) => b.id - a.id).find(({ parts }) => fits(endpoint, parts));
  useEffect(() => {
    if (takesMail && newest !== undefined)
      setValues((known) => ({ ...known, ...prefilled(endpoint.fields, undefined, newest) }));
  }, [takesMail, newest?.id]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSend(values);
  };
  return (
    <form class="card endpoint-form" aria-label={endpoint.title} onSubmit={submit}>
      <p class="card-head">
        <h2>{endpoint.title}</h2>
        <code>{`${endpoint.method} ${basePath}${endpoint.path}`}</code>
      </p>
      <p class="soft">{endpoint.about}</p>
      {takesUser && (
        <PersonaChoice
          users={users}
          onChoose={(user) => setValues({ ...values, ...prefilled(endpoint.fields, user, undefined) })}
        />
      )}
      {endpoint.fields.map(({ name, label, isOptional }) => (
        <label key={name}>
          <span>
            {label}
            {isOptional === true && <span class="soft"> (optional)</span>}
          </span>
          <input
            name={name}
            value={values[name] ?? ''}
            autocomplete="off"
            spellcheck={false}
            autocapitalize="off"
            onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      {takesMail && newest === undefined && <p class="soft">There is no mail yet to take this from.</p>}
      <p class="card-head">
        <button type="submit" class="primary" disabled={isBusy}>
          <Icon name="send" />
          {isBusy ? 'Sending' : `Send ${endpoint.method}`}
        </button>
        <Switch
          label="Reveal"
          title="Show the tokens of the next answer"
          isOn={isRevealing}
          onChange={onReveal}
        />
      </p>
    </form>
  );
}

const NOBODY: readonly Persona[] = [];
const OF_USER: ReadonlySet<Prefill> = new Set(['username', 'email', 'password']);

/** A mail fits where it has all the parts that the form asks for. */
function fits(endpoint: Endpoint, parts: MailView['parts']): boolean {
  const wanted = endpoint.fields.flatMap(({ prefill }) =>
    prefill === undefined || OF_USER.has(prefill) ? [] : [prefill],
  );
  return wanted.length > 0 && wanted.every((part) => parts[part] !== undefined);
}

function prefilled(
  fields: readonly EndpointField[],
  user: Persona | undefined,
  mail: MailView | undefined,
): Record<string, string> {
  const known: Readonly<Record<string, string | undefined>> = { ...user, ...mail?.parts };
  const filled = fields.flatMap(({ name, prefill }) => {
    const value = prefill === undefined ? undefined : known[prefill];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(filled);
}
