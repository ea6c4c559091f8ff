/**
 * How thorough the slow suites are. The short profile keeps them within minutes on two cores; `OMNIGRAPH_TEST_PROFILE=full`
 * tries everything.
 */
export const isFullProfile = process.env.OMNIGRAPH_TEST_PROFILE === 'full';
