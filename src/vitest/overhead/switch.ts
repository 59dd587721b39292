/** Environment variable that switches the plugin `off`: the suite then runs as if it were not there. */
export const SWITCH = 'CONSTITUTION';
