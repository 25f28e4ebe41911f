import { JwtDevError } from '../errors.ts';

/** @throws JwtDevError ERR_FILE_WRITE where something of another kind stands where a file or a directory belongs. */
export function refuseObstacles(obstacles: readonly string[], dir: string): void {
  if (obstacles.length === 0) return;
  throw new JwtDevError('ERR_FILE_WRITE', `In ${dir} something is in the way. Nothing was written`, {
    details: obstacles,
    hint: 'Move it away, or choose another directory.',
  });
}
