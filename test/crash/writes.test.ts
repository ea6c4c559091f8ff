import { DISK } from '../support/cluster-deployment.js';
import { describeKilledWrites } from '../support/killed-writes.js';
import { isFullProfile } from '../support/test-profile.js';

describeKilledWrites('disk', () => DISK, { moments: isFullProfile ? 40 : 6 });
