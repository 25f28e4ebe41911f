/** Only what we use: the path. Its writer loses comments and line endings (hostile#46, hostile#29). */
declare module 'hostile' {
  const hostile: { readonly HOSTS: string };
  export default hostile;
}
