import { Icon } from '../parts/icon.tsx';
import { JarCookies } from '../parts/jar-cookies.tsx';
import type { JarCookie } from '../shapes.ts';

interface TryJarProps {
  readonly cookies: readonly JarCookie[];
  readonly onEmpty: () => void;
}

/** The cookies of the forms: a jar of their own, apart from every browser's. */
export function TryJar({ cookies, onEmpty }: TryJarProps) {
  return (
    <section class="part">
      <div class="page-head">
        <h3>Jar of these forms</h3>
        <p class="soft">Apart from the cookies of your browser.</p>
        <span class="push">
          <button type="button" class="quiet" onClick={onEmpty}>
            <Icon name="trash" />
            Empty the jar
          </button>
        </span>
      </div>
      {cookies.length === 0 ? <p class="soft">No cookies.</p> : <JarCookies cookies={cookies} />}
    </section>
  );
}
