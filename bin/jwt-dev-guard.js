// Started by jwt-dev beside each upstream command (src/supervisor/guard.ts); nothing to run by hand.
import process from 'node:process';
import { runGuard } from '../dist/supervisor/guard.js';

runGuard(process);
