import { useState } from 'react';
import { Form } from '../form';
import { session } from '../session/use-session';

export function Register() {
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  return (
    <>
      <h1>Register</h1>
      <Form
        submit="Register"
        action={({ password1 = '', password2 = '' }) =>
          session.register({ username, email, password1, password2 })
        }
      >
        <label>
          Username
          <input
            name="username"
            autoComplete="username"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <label>
          E-mail
          <input
            name="email"
            type="email"
            autoComplete="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <label>
          Password
          <input name="password1" type="password" autoComplete="new-password" required />
        </label>
        <label>
          Password again
          <input name="password2" type="password" autoComplete="new-password" required />
        </label>
      </Form>
    </>
  );
}
