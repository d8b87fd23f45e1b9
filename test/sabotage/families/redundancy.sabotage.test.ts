import { catches } from '../catches.ts';
import { redundancy } from './redundancy.ts';

catches(redundancy);
