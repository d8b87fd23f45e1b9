import { catches } from '../catches.ts';
import { criticalRules } from './rules.ts';

catches(criticalRules);
