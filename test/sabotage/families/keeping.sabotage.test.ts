import { catches } from '../catches.ts';
import { keeping } from './keeping.ts';

catches(keeping);
