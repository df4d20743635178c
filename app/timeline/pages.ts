/** How many turns a page begins with; earlier ones come as the reader scrolls to them. */
export const RECENT_TURNS = 12;
/** A page of older turns: few enough to be drawn without holding up a scroll. */
export const OLDER_TURNS = 10;
