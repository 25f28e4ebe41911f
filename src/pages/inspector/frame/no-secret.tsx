import { CodeBlock } from '../parts/code-block.tsx';

/** Instead of the page, where the address came without its secret. */
export function NoSecret() {
  return (
    <main class="no-secret">
      <h1>
        <span class="logo" aria-hidden="true" />
        jwt-dev inspector
      </h1>
      <p>
        This page shows cookies, tokens and mails of your environment, so it opens only by the address that
        carries the secret of the run. In the directory of your project, this opens it:
      </p>
      <CodeBlock text="jwt-dev open --inspector" what="the command that opens the inspector" />
      <p>This prints the address, to be opened in any browser of this machine:</p>
      <CodeBlock text="jwt-dev status" what="the command that prints the address" />
    </main>
  );
}
