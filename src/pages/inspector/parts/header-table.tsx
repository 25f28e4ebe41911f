import type { HeaderPairs } from '../shapes.ts';

interface HeaderTableProps {
  readonly title: string;
  readonly headers: HeaderPairs;
  readonly note?: string;
}

/** Header fields in the order in which they came. */
export function HeaderTable({ title, headers, note }: HeaderTableProps) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {note !== undefined && <p class="soft">{note}</p>}
      {headers.length === 0 ? (
        <p class="soft">None.</p>
      ) : (
        <table class="pairs" aria-label={title}>
          <tbody>
            {headers.map(([name, value], at) => (
              <tr key={at}>
                <th scope="row">{name}</th>
                <td>
                  <code>{value}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
