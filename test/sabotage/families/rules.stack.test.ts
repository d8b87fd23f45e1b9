import { catches } from '../catches.ts';
import { ruleRows } from './rules.ts';

catches(ruleRows);
