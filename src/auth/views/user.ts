import type { UserFieldConfig } from '../../config/types.ts';
import type { Api } from '../api.ts';
import { type Values, validate } from '../fields/serializer.ts';
import { checkUsername, USERNAME_TAKEN } from '../fields/username.ts';
import { invalid, notAuthenticated } from '../problems.ts';
import type { User, UserChanges } from '../store/types.ts';
import { userDetails, userFields } from '../user-details.ts';
import type { Call, Reply, View } from '../view.ts';

async function read(call: Call, api: Api): Promise<Reply> {
  return show(requireUser(call), api);
}

function write(partial: boolean): (call: Call, api: Api) => Promise<Reply> {
  return async (call, api) => {
    const user = requireUser(call);
    // dj-rest-auth takes a user's own name for taken.
    const ownId = api.strict ? null : user.id;
    const values = await validate(userFields(api.config), await call.body(), {
      partial,
      checks: { username: (name) => checkUsername(name, api, ownId) },
    });
    const changed = await api.store.changeUser(user.id, changesOf(values, user, api.config.userFields));
    // Somebody else took the name, or removed the user, between the check and the change.
    if (changed === undefined) throw invalid({ username: [USERNAME_TAKEN] });
    return show(changed, api);
  };
}

function changesOf(values: Values, user: User, extraFields: readonly UserFieldConfig[]): UserChanges {
  const { username, first_name: firstName, last_name: lastName } = values;
  const extra = extraFields.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]]]));
  return {
    ...(username === undefined ? {} : { username }),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(extra.length === 0 ? {} : { extra: { ...user.extra, ...Object.fromEntries(extra) } }),
  };
}

function show(user: User, api: Api): Reply {
  return { status: 200, body: userDetails(user, api.config.userFields) };
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
  form: { method: 'PUT', fields: userFields },
  handlers: { GET: read, PUT: write(false), PATCH: write(true) },
};
