export { JOBS } from '@filmpost/exchange/open-exchange.ts';
