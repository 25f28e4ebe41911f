interface ChoiceProps {
  readonly label: string;
  /** Empty: any. */
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** One of several, or any. */
export function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <select
      class={value === '' ? 'choice' : 'choice is-set'}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{label}</option>
      {choices.map(([id, text]) => (
        <option value={id} key={id}>
          {text}
        </option>
      ))}
    </select>
  );
}
