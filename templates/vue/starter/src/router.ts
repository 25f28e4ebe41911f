import { createRouter, createWebHistory } from 'vue-router';
import AccountPage from './pages/AccountPage.vue';
import ConfirmEmailPage from './pages/ConfirmEmailPage.vue';
import LoginPage from './pages/LoginPage.vue';
import RegisterPage from './pages/RegisterPage.vue';
import RequestResetPage from './pages/RequestResetPage.vue';
import ResetPasswordPage from './pages/ResetPasswordPage.vue';

/** Who a page is for. App.vue sends everybody else elsewhere. */
type Audience = 'users' | 'strangers';

declare module 'vue-router' {
  interface RouteMeta {
    readonly audience?: Audience;
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/account', component: AccountPage, meta: { audience: 'users' } },
    { path: '/login', component: LoginPage, meta: { audience: 'strangers' } },
    { path: '/register', component: RegisterPage, meta: { audience: 'strangers' } },
    { path: '/password-reset', component: RequestResetPage, meta: { audience: 'strangers' } },
    // Where the links in mails lead.
    { path: '/account-confirm-email/:emailKey', component: ConfirmEmailPage, props: true },
    { path: '/password-reset/confirm/:uid/:token', component: ResetPasswordPage, props: true },
    { path: '/:rest(.*)', redirect: '/account' },
  ],
});
