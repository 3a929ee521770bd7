/**
 * Our own code inside the viewer's page; runs before its configuration and its bundle.
 *
 * `window.filmpost` is what our configuration and the rewritten lines of the viewer call (release-rules.ts).
 */
import { watchForDamage } from './damage.ts';
import { harmlessDocument } from './documents.ts';
import { watchForFirstImage } from './first-image.ts';
import { watchPlace } from './place.ts';
import { readable } from './received.ts';
import { take, tellRefusal } from './telling.ts';

Object.assign(window, { filmpost: { take, readable, tellRefusal, watchForDamage, harmlessDocument } });
watchForFirstImage();
watchPlace();
