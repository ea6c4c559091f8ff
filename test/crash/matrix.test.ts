import { DISK } from '../support/cluster-deployment.js';
import { describeCrashMatrix } from '../support/crash-matrix.js';

describeCrashMatrix('disk', () => DISK);
