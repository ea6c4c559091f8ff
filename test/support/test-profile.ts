/**
 * How thorough the slow suites are. The short profile keeps them within minutes on two cores; `OMNIGRAPH_TEST_PROFILE=full`
 * tries everything.
 */
export const isFullProfile = process.env.OMNIGRAPH_TEST_PROFILE === 'full';

/** Rows of a test table that the short profile leaves out. */
export const onlyInFull = <T>(rows: readonly T[]): readonly T[] => (isFullProfile ? rows : []);
