interface SwitchProps {
  readonly label: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, title, isOn, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      title={title}
      onClick={() => onChange(!isOn)}
    >
      <span class="track" aria-hidden="true">
        <span class="thumb" />
      </span>
      {label}
    </button>
  );
}
