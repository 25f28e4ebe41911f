export type {
  CheckEcho,
  CheckProgress,
  CheckReport,
  CheckSettings,
  CheckStep,
  CheckTask,
} from '../../browser-check/types.ts';
export type { FindingCode } from '../../verdicts/findings/codes.ts';
