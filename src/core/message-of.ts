/** What a thrown value says, whatever it is: a value that cannot be shown is no reason to throw once more. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'a value was thrown that cannot be shown';
  }
}
