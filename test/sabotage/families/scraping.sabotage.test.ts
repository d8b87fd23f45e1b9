import { catches } from '../catches.ts';
import { scraping } from './scraping.ts';

catches(scraping);
