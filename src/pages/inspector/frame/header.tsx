import { useStore } from '../state/hooks.ts';
import { ConnectionState } from './connection-state.tsx';

/** Whose inspector it is, and whether it is up to date. */
export function Header() {
  const overview = useStore((state) => state.overview);
  return (
    <header class="header">
      <h1>
        <span class="logo" aria-hidden="true" />
        jwt-dev <span class="visually-hidden">inspector</span>
      </h1>
      {overview !== null && (
        <p class="hosts">
          <a href={overview.frontend} target="_blank" rel="noopener noreferrer">
            {new URL(overview.frontend).host}
          </a>
          <span aria-hidden="true">→</span>
          <span class="visually-hidden">talks to</span>
          <a href={overview.api} target="_blank" rel="noopener noreferrer">
            {new URL(overview.api).host}
          </a>
          {overview.mode === 'rootless' && (
            <span
              class="attribute"
              title="The names lead here only through the proxy settings of jwt-dev open"
            >
              rootless
            </span>
          )}
        </p>
      )}
      <ConnectionState />
      {overview !== null && <span class="soft version">{overview.version}</span>}
    </header>
  );
}
