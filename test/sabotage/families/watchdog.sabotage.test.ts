import { catches } from '../catches.ts';
import { watchdog } from './watchdog.ts';

catches(watchdog);
