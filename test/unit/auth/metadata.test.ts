import { describe, expect, it } from 'vitest';
import { describeView } from '../../../src/auth/metadata.ts';
import { registrationView } from '../../../src/auth/views/registration.ts';
import { userView } from '../../../src/auth/views/user.ts';
import { authConfig } from '../../helpers/auth-api.ts';

describe('describeView', () => {
  it('shows extra user fields, and which of them may be written', () => {
    const config = authConfig({
      userFields: [
        { name: 'plan', writable: false, claim: true },
        { name: 'theme', writable: true, claim: false },
      ],
    });
    expect(describeView(userView, config)).toMatchObject({
      actions: {
        PUT: {
          plan: { type: 'string', required: false, read_only: true, label: 'Plan' },
          theme: { type: 'string', required: false, read_only: false, label: 'Theme' },
        },
      },
    });
  });

  it.each([
    [authConfig(), false],
    [authConfig({ emailVerification: 'mandatory' }), true],
    [authConfig({ loginBy: ['email'] }), true],
  ])('asks for an address at registration only where nobody gets in without one', (config, required) => {
    expect(describeView(registrationView, config)).toMatchObject({
      actions: { POST: { email: { required } } },
    });
  });
});
