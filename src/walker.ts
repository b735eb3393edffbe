import { serveListing } from './dataset/listingThread.ts';

serveListing();
