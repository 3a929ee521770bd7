import './node-version.mjs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { environmentExample } from '@filmpost/config/example.ts';
import { repository } from './places.ts';

writeFileSync(path.join(repository, '.env.example'), environmentExample());
