/**
 * Whether the machine still has to do what this process asked of it: use a disk, which threads do, look up a name,
 * connect.
 */
export function isAtWork(): boolean {
  return process.getActiveResourcesInfo().some((kind) => /^FSReq|^ConnectWrap$|^GetAddrInfo|^MessagePort$/.test(kind));
}
