import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Form } from '../form';
import { session } from '../session/use-session';

/** A button and not a call by itself: mail scanners open links, and would use up the key. */
export function ConfirmEmail() {
  const { key = '' } = useParams();
  const [done, setDone] = useState(false);
  async function confirm(): Promise<string | null> {
    const problem = await session.confirmEmail(key);
    setDone(problem === null);
    return problem;
  }
  return (
    <>
      <h1>Confirm your e-mail address</h1>
      {done ? (
        <p>
          Your address is confirmed. <Link to="/account">Go on</Link>
        </p>
      ) : (
        <Form submit="Confirm" action={confirm}>
          {null}
        </Form>
      )}
    </>
  );
}
