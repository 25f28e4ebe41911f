import { createApi, errorText } from './api.js';

const $ = (id) => document.getElementById(id);

// Where the API is. For its own demo page jwt-dev makes this file at run time.
const apiUrl = new URL((await (await fetch('/jwt-dev-demo.json')).json()).apiUrl);
// jwt-dev serves both hosts on one port: where the file names none, it is that of this page.
apiUrl.port ||= location.port;
const api = createApi(apiUrl.href, logCall);
const tabs = new BroadcastChannel('jwt-dev-session');
let access = null;
// An answer that comes after a newer change says how things were, not how they are.
let version = 0;

/** HttpOnly cookies show only in what the API answers. */
const COOKIES = {
  in: 'sent by the browser, accepted by the API',
  out: 'none that the API accepts',
  failed: 'unknown: the API did not answer as expected',
};

$('frontend-origin').textContent = location.origin;
$('api-origin').textContent = apiUrl.origin;
$('secure-context').textContent = window.isSecureContext ? 'yes' : 'no: open this page over https';

$('who-am-i').addEventListener('click', (event) => busy(event.currentTarget, showUser));
$('refresh').addEventListener('click', (event) => busy(event.currentTarget, refreshTokens));
$('logout').addEventListener('click', (event) => busy(event.currentTarget, logOut));
onSubmit('login-form', logIn);
onSubmit('register-form', register);
tabs.addEventListener('message', ({ data }) => (data === 'logout' ? forget('Not logged in') : showUser()));
setInterval(showBrowser, 1000);
// Until here nobody heard them: a form would have gone to this page itself, with the password in its address.
for (const button of document.querySelectorAll('button')) button.disabled = false;

await showUser();

async function showUser() {
  version += 1;
  const asked = version;
  const answer = await api.call('GET', 'user/');
  if (asked !== version) return;
  if (answer.ok) show('in', `Logged in as ${answer.body.username}`, answer.body);
  else showFailure(answer);
}

async function logIn(fields) {
  const answer = await api.send('POST', 'login/', fields);
  if (!answer.ok) return errorText(answer.body);
  remember(answer.body.access);
  tabs.postMessage('login');
  await showUser();
  return null;
}

async function register({ email, ...fields }) {
  // An optional field that was left empty is left out: REST framework takes "" for an address that is wrong.
  const answer = await api.send('POST', 'registration/', email === '' ? fields : { ...fields, email });
  if (!answer.ok) return errorText(answer.body);
  return logIn({ username: fields.username, password: fields.password1 });
}

async function refreshTokens() {
  const answer = await api.refresh();
  if (!answer.ok) return showFailure(answer);
  remember(answer.body.access);
  show('in', 'Tokens renewed', answer.body);
}

async function logOut() {
  const answer = await api.logOut();
  // 401: there was no session any more.
  if (!answer.ok && answer.status !== 401) return showFailure(answer);
  tabs.postMessage('logout');
  forget('Logged out', answer.body);
}

function forget(text, body = null) {
  remember(null);
  show('out', text, body);
}

function showFailure({ status, body }) {
  if (status === 401) show('out', 'Not logged in', body);
  else show('failed', status === 0 ? 'The API cannot be reached' : `The API answered ${status}`, body);
}

function show(state, text, body) {
  version += 1;
  $('who').dataset.state = state;
  $('who').textContent = text;
  $('api-cookies').textContent = COOKIES[state];
  $('answer').hidden = body === null;
  $('answer').textContent = JSON.stringify(
    body,
    (key, value) => (key === 'access' ? shorten(value) : value),
    2,
  );
  showBrowser();
}

/** The access token of an answer's body, kept for its claims only: the browser logs in with the cookie. */
function remember(token) {
  access = token ? JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))) : null;
  showBrowser();
}

function showBrowser() {
  $('document-cookie').textContent =
    document.cookie === '' ? 'empty: the tokens are invisible to scripts' : document.cookie;
  if (access === null) {
    $('access-state').textContent = 'none seen by this page';
    return;
  }
  const left = Math.round(access.exp - Date.now() / 1000);
  $('access-state').textContent = `user ${access.user_id}, ${left > 0 ? `${left} s left` : 'expired'}`;
}

function onSubmit(id, action) {
  const form = $(id);
  const problem = form.querySelector('.error');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await busy(form.querySelector('button'), async () => {
      const text = await action(Object.fromEntries(new FormData(form)));
      problem.hidden = text === null;
      problem.textContent = text ?? '';
      if (text === null) form.reset();
    });
  });
}

async function busy(button, action) {
  button.disabled = true;
  try {
    await action();
  } finally {
    button.disabled = false;
  }
}

function logCall({ method, path, status, ok, ms, body }) {
  const line = document.createElement('li');
  const cell = (className, text) => {
    const span = document.createElement('span');
    span.className = className;
    span.textContent = text;
    line.append(span);
    return span;
  };
  cell('status', status === 0 ? 'failed' : String(status)).dataset.ok = ok ? 'yes' : 'no';
  cell('call', `${method} ${new URL(path, apiUrl).pathname}`);
  cell('note', `${Math.round(ms)} ms${ok ? '' : `, ${errorText(body).split('\n')[0]}`}`);
  $('log').prepend(line);
  while ($('log').children.length > 50) $('log').lastElementChild.remove();
}

function shorten(token) {
  return typeof token === 'string' && token.length > 24
    ? `${token.slice(0, 16)}… (${token.length} characters)`
    : token;
}
