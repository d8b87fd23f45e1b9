import { catches } from '../catches.ts';
import { counting } from './counting.ts';

catches(counting);
