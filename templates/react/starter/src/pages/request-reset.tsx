import { useState } from 'react';
import { Form } from '../form';
import { session } from '../session/use-session';

export function RequestReset() {
  const [done, setDone] = useState(false);
  async function request({ email = '' }: Readonly<Record<string, string>>): Promise<string | null> {
    const problem = await session.requestReset(email);
    setDone(problem === null);
    return problem;
  }
  return (
    <>
      <h1>Forgot your password?</h1>
      {done ? (
        <p>If there is an account with that address, a mail with a link is on its way.</p>
      ) : (
        <Form submit="Send a link" action={request}>
          <label>
            E-mail
            <input name="email" type="email" autoComplete="email" required />
          </label>
        </Form>
      )}
    </>
  );
}
