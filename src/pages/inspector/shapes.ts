/** What the control server answers: the page's one door to the rest of the project. */
export type {
  BodyView,
  CorsStep,
  ExchangeDetail,
  ExchangePage,
  ExchangeRow,
  InspectorEvent,
  JarCookie,
  JarView,
  Overview,
  SetCookieView,
  TokenView,
  TryAnswer,
  TryRequest,
} from '../../environment/inspector/types.ts';
export type { DescribedFinding } from '../../verdicts/findings/format.ts';
export type { HeaderPairs } from '../../verdicts/header-pairs.ts';
