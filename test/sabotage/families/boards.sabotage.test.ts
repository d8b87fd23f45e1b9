import { catches } from '../catches.ts';
import { boards } from './boards.ts';

catches(boards);
