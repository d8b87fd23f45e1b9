import { catches } from '../catches.ts';
import { highRules } from './rules.ts';

catches(highRules);
