import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Form } from '../form';
import { session } from '../session/use-session';

export function ResetPassword() {
  const { uid = '', token = '' } = useParams();
  const [done, setDone] = useState(false);
  async function reset(fields: Readonly<Record<string, string>>): Promise<string | null> {
    const { password1 = '', password2 = '' } = fields;
    const problem = await session.resetPassword({
      uid,
      token,
      new_password1: password1,
      new_password2: password2,
    });
    setDone(problem === null);
    return problem;
  }
  return (
    <>
      <h1>Choose a new password</h1>
      {done ? (
        <p>
          Your password is changed. <Link to="/login">Log in with it</Link>
        </p>
      ) : (
        <Form submit="Change password" action={reset}>
          <label>
            New password
            <input name="password1" type="password" autoComplete="new-password" required />
          </label>
          <label>
            New password again
            <input name="password2" type="password" autoComplete="new-password" required />
          </label>
        </Form>
      )}
    </>
  );
}
