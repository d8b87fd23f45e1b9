import { catches } from '../catches.ts';
import { configuration } from './configuration.ts';

catches(configuration);
