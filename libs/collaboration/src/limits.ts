/** Bounds of what one text can cause. */

/** People and teams that one text mentions, and issues that it refers to; GitHub tells 50 people at most. */
export const mentionsPerTextMax = 50;
export const referencesPerTextMax = 100;
