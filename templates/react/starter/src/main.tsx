import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { Layout } from './layout';
import { Account } from './pages/account';
import { ConfirmEmail } from './pages/confirm-email';
import { Login } from './pages/login';
import { Register } from './pages/register';
import { RequestReset } from './pages/request-reset';
import { ResetPassword } from './pages/reset-password';
import { ForStrangers, Protected } from './protected';
import './style.css';

const router = createBrowserRouter([
  {
    Component: Layout,
    children: [
      { Component: Protected, children: [{ path: '/account', Component: Account }] },
      {
        Component: ForStrangers,
        children: [
          { path: '/login', Component: Login },
          { path: '/register', Component: Register },
          { path: '/password-reset', Component: RequestReset },
        ],
      },
      // Where the links in mails lead.
      { path: '/account-confirm-email/:key', Component: ConfirmEmail },
      { path: '/password-reset/confirm/:uid/:token', Component: ResetPassword },
      { path: '*', element: <Navigate to="/account" replace /> },
    ],
  },
]);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
