import { catches } from '../catches.ts';
import { channels } from './channels.ts';

catches(channels);
