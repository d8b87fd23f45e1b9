import { describeHealthyStacks } from './healthy.ts';

describeHealthyStacks(2);
