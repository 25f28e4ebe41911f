export { type AllowOrigin, checkAnswer, parseAllowOrigin } from './access-check.ts';
export { createFetchJudge } from './judge.ts';
export { checkPreflight, needsPreflight } from './preflight.ts';
export { isPreflight, requestOfPreflight } from './seen-preflight.ts';
export type {
  AddressSpace,
  Answerer,
  BlockedReason,
  CorsError,
  CorsProblem,
  CorsRequest,
  CredentialsMode,
  FetchInit,
  FetchJudge,
  FetchPage,
  FetchVerdict,
  HttpAnswer,
  JudgeSettings,
  PreflightNeed,
  RedirectMode,
  RequestMode,
  SentRequest,
} from './types.ts';
