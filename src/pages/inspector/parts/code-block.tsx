import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly text: string;
  /** What it is: to screen readers, and on the copy button. */
  readonly what: string;
}

/** A text as it is, with a button that copies it. */
export function CodeBlock({ text, what }: CodeBlockProps) {
  return (
    <div class="code-block">
      {/* It scrolls where a line is long, so the keyboard must get there. */}
      <pre tabIndex={0} role="region" aria-label={what}>
        {text}
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
