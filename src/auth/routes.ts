import type { RequestHandler } from 'express';
import type { Api } from './api.ts';
import { dispatch } from './dispatch.ts';
import { confirmLink } from './mail/messages.ts';
import { errorPage } from './problems.ts';
import { sendPage } from './respond.ts';
import type { View } from './view.ts';
import { loginView } from './views/login.ts';
import { logoutView } from './views/logout.ts';
import { passwordChangeView } from './views/password-change.ts';
import { passwordResetConfirmView, passwordResetView } from './views/password-reset.ts';
import { registrationView } from './views/registration.ts';
import { tokenRefreshView } from './views/token-refresh.ts';
import { tokenVerifyView } from './views/token-verify.ts';
import { userView } from './views/user.ts';
import { resendEmailView, verifyEmailView } from './views/verify-email.ts';

/** The paths below the base path. A final slash is optional, except where SLASH_REQUIRED says otherwise. */
const VIEWS: Readonly<Record<string, View>> = {
  login: loginView,
  logout: logoutView,
  user: userView,
  'password/change': passwordChangeView,
  'password/reset': passwordResetView,
  'password/reset/confirm': passwordResetConfirmView,
  'token/refresh': tokenRefreshView,
  'token/verify': tokenVerifyView,
  registration: registrationView,
  'registration/verify-email': verifyEmailView,
  'registration/resend-email': resendEmailView,
};

/** Django redirects these to the form with the slash; browsers then repeat a POST as GET. In strict mode only. */
const SLASH_REQUIRED = new Set(['registration']);

const CONFIRM_LINK = /^registration\/account-confirm-email\/([-:\w]+)\/?$/;

/** Finds the view by the exact path (Express would ignore the case) and hands the request over. */
export function createRouter(api: Api): RequestHandler {
  const { basePath } = api.config;
  return async (request, response) => {
    const path = decodePath(request.path);
    const below = path.startsWith(basePath) ? path.slice(basePath.length) : undefined;
    const name = below?.replace(/\/$/, '') ?? '';
    const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
    if (view !== undefined && api.strict && SLASH_REQUIRED.has(name) && below === name) {
      const query = request.url.slice(request.path.length);
      sendPage(response, 301, '', { Location: `${request.baseUrl}${basePath}${name}/${query}` });
      return;
    }
    if (view !== undefined) {
      await dispatch(view, request, response, api);
      return;
    }
    const key = CONFIRM_LINK.exec(below ?? '')?.[1];
    if (key !== undefined && request.method === 'GET') {
      // The address of allauth's own page, which mails of a Django backend may point at.
      sendPage(response, 302, '', { Location: confirmLink(api, key) });
      return;
    }
    sendPage(response, 404, errorPage('Not Found', 'The requested resource was not found on this server.'), {
      'X-Frame-Options': 'DENY',
    });
  };
}

/** Paths are compared decoded, as WSGI hands them to Django; a broken escape stays as it is. */
function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
