import { describeApplyRaces } from '../support/apply-races.js';
import { DISK } from '../support/cluster-deployment.js';

describeApplyRaces('disk', () => DISK, { racers: 20 });
