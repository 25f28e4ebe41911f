import { ICON_PATHS, type IconName } from './icon-paths.ts';

/** Decoration: whatever it says stands beside it, or in the label of the button around it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}
