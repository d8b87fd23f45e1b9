import { catches } from '../catches.ts';
import { warningRules } from './rules.ts';

catches(warningRules);
