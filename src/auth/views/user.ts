import type { Api } from '../api.ts';
import { validate } from '../fields/serializer.ts';
import { checkUsername, USERNAME_TAKEN } from '../fields/username.ts';
import { invalid, notAuthenticated } from '../problems.ts';
import type { User, UserChanges } from '../store/types.ts';
import { USER_FIELDS, userDetails } from '../user-details.ts';
import type { Call, Reply, View } from '../view.ts';

async function read(call: Call): Promise<Reply> {
  return show(requireUser(call));
}

function write(partial: boolean): (call: Call, api: Api) => Promise<Reply> {
  return async (call, api) => {
    const user = requireUser(call);
    // dj-rest-auth takes a user's own name for taken.
    const ownId = api.strict ? null : user.id;
    const values = await validate(USER_FIELDS, await call.body(), {
      partial,
      checks: { username: (name) => checkUsername(name, api, ownId) },
    });
    const { username, first_name: firstName, last_name: lastName } = values;
    const changes: UserChanges = {
      ...(username === undefined ? {} : { username }),
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
    };
    const changed = await api.store.changeUser(user.id, changes);
    // Somebody else took the name, or removed the user, between the check and the change.
    if (changed === undefined) throw invalid({ username: [USERNAME_TAKEN] });
    return show(changed);
  };
}

function show(user: User): Reply {
  return { status: 200, body: userDetails(user) };
}

function requireUser({ user }: Call): User {
  if (user === undefined) throw notAuthenticated();
  return user;
}

export const userView: View = {
  name: 'User Details',
  description: 'Reads and changes the user who asks. The id and the e-mail address cannot be changed.',
  allow: ['GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'],
  access: 'users',
  form: { method: 'PUT', fields: USER_FIELDS },
  handlers: { GET: read, PUT: write(false), PATCH: write(true) },
};
