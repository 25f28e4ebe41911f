import { useState } from 'react';
import { Link } from 'react-router';
import { Form } from '../form';
import { session } from '../session/use-session';

export function Login() {
  // A form that failed keeps the name: React empties uncontrolled fields after an action.
  const [username, setUsername] = useState('');
  return (
    <>
      <h1>Log in</h1>
      <Form submit="Log in" action={({ password = '' }) => session.logIn(username, password)}>
        <label>
          Username or e-mail
          <input
            name="username"
            autoComplete="username"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
      </Form>
      <p>
        <Link to="/password-reset">Forgot your password?</Link>
      </p>
    </>
  );
}
