import { catches } from '../catches.ts';
import { metrics } from './metrics.ts';

catches(metrics);
