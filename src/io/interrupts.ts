/** The signals that interrupt a command. */
export const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;
