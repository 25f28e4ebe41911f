import { Component } from 'preact';
import { isError, statusClass } from '../model/filter.ts';
import { formatDuration, formatTime } from '../model/format.ts';
import { marksOf } from '../model/marks.ts';
import { Mark } from '../parts/mark.tsx';
import type { ExchangeRow } from '../shapes.ts';

interface ExchangeLineProps {
  readonly row: ExchangeRow;
  readonly index: number;
  readonly isCursor: boolean;
  readonly isOpen: boolean;
}

/** One exchange as a line. While somebody scrolls most lines stay as they are, so it is only drawn when something changed. */
export class ExchangeLine extends Component<ExchangeLineProps> {
  override shouldComponentUpdate(next: ExchangeLineProps): boolean {
    const { row, index, isCursor, isOpen } = this.props;
    return next.row !== row || next.index !== index || next.isCursor !== isCursor || next.isOpen !== isOpen;
  }

  override render({ row, index, isCursor, isOpen }: ExchangeLineProps) {
    const { id, at, method, status, host, path, client, durationMs } = row;
    const classes = ['row', ...(isCursor ? ['is-cursor'] : []), ...(isError(row) ? ['is-error'] : [])];
    return (
      <div
        class={classes.join(' ')}
        role="row"
        id={`row-${id}`}
        data-id={id}
        aria-rowindex={index + 2}
        aria-selected={isOpen}
      >
        <span class="time" role="gridcell">
          {formatTime(at)}
        </span>
        <span class="method" role="gridcell">
          {method}
        </span>
        <span class={`status s${statusClass(status)}`} role="gridcell">
          {status === 0 ? 'none' : status}
        </span>
        <span class="url" role="gridcell" title={host + path}>
          <span class="host">{host}</span>
          <span class="path">{path}</span>
        </span>
        <span class="marks" role="gridcell">
          {marksOf(row).map((mark) => (
            <Mark key={mark.text} {...mark} />
          ))}
        </span>
        <span class="client" role="gridcell">
          {client}
        </span>
        <span class="duration" role="gridcell">
          {formatDuration(durationMs)}
        </span>
      </div>
    );
  }
}
