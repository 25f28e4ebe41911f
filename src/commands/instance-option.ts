/** What every command that deals with a running environment understands. */
export interface InstanceOptions {
  readonly instance?: string;
}

/** Kept here, so that every command words it alike. */
export const INSTANCE_FLAG = '--instance <name>';
export const INSTANCE_HELP = 'which environment of this project, where several run (default: "default")';
