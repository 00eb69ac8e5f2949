/** Whether the machine still has to do what this process asked of it: write to a disk, look up a name, connect. */
export function isAtWork(): boolean {
  return process.getActiveResourcesInfo().some((kind) => /^FSReq|^ConnectWrap$|^GetAddrInfo/.test(kind));
}
