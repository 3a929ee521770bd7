/** Files that one upload may announce: many discs' worth, and an end to what a script could fill our tables with. */
export const MOST_FILES = 400_000;
