import { catches } from '../catches.ts';
import { routing } from './routing.ts';

catches(routing);
