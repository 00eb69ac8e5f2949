/** Whether one letter was left out, put in, struck beside, or struck before the one that it follows. */
export function isOneSlip(typed: string, word: string): boolean {
  const shortest = Math.min(typed.length, word.length);
  let start = 0;
  while (start < shortest && typed[start] === word[start]) start += 1;
  let end = 0;
  while (end < shortest - start && typed.at(-1 - end) === word.at(-1 - end)) end += 1;
  const [one, other] = [typed.slice(start, typed.length - end), word.slice(start, word.length - end)];
  const isSwapped = one.length === 2 && one === [...other].reverse().join("");
  return isSwapped || Math.max(one.length, other.length) <= 1;
}
