import type { Disc } from '../disc-script.ts';
import { type ChosenSeries, allSeries } from './chosen-series.ts';
import { element } from './element.ts';
import { watchHands } from './gestures.ts';
import { keyDeeds, watchKeys } from './keys.ts';
import { LightBox } from './light-box.ts';
import { seriesList } from './list.ts';
import { type Opened, Opening } from './opening.ts';
import { PictureLine } from './picture-line.ts';
import { middleOf } from './places.ts';
import { Stage } from './stage.ts';
import { tools } from './tools.ts';

declare global {
  interface Window {
    /** From VIEWER/DISC.JS; missing where that was not copied along. */
    FILMPOST_DISC?: Disc;
  }
}

const THUMBNAIL = 96;

/** The text of one of the page's own scripts that are no scripts to the browser. */
function inlined(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

function startedWorker(): Worker {
  const address = URL.createObjectURL(new Blob([inlined('worker')], { type: 'text/javascript' }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  worker.postMessage({ kind: 'codecs', gzipBase64: inlined('codecs') });
  return worker;
}

function begin(disc: Disc): void {
  const all = allSeries(disc);
  const stage = new Stage();
  const line = new PictureLine(startedWorker);
  const opening = new Opening(disc, (opened) => open(opened));
  const box = new LightBox({ stage, line, invitation: () => opening.invitation() });
  const list = seriesList(disc, all, (chosen) => box.choose(chosen));
  const bar = tools(box);
  const notice = element('p', { className: 'notice', hidden: true });
  notice.setAttribute('role', 'status');
  box.onChange = () => {
    list.mark(box.chosen);
    bar.refresh();
  };
  const open = ({ files, missing }: Opened) => {
    const none = files.size === 0;
    notice.textContent = none
      ? NOTHING_FOUND
      : missing > 0
        ? `${missing} images of the list were not found there.`
        : '';
    notice.hidden = notice.textContent === '';
    if (none) return;
    line.open(files);
    stage.say();
    document.body.classList.add('opened');
    box.open();
    for (const each of all) void thumbnail(line, each).then((made) => made && list.thumbnail(each, made));
  };
  const next = (step: 1 | -1) => {
    const chosen = all[all.findIndex((each) => each === box.chosen) + step];
    if (chosen) box.choose(chosen);
  };
  const deeds = keyDeeds(next);
  watchHands(stage.canvas, box);
  watchKeys(box, deeds);
  const main = element('main', {}, stage.root, bar.root);
  document.body.append(header(disc, { opening, deeds }), notice, list.root, main);
  if (all[0]) box.choose(all[0]);
}

const NOTHING_FOUND =
  'None of the images of the list is in that folder. Choose the disc itself, or the folder this page lies in.';

async function thumbnail(line: PictureLine, { series }: ChosenSeries) {
  const place = middleOf(series);
  if (!place || place.image.frames === 0) return null;
  const { path, sopInstanceUid } = place.image;
  const { frameNumber } = place;
  const reply = await line.whenIdle({
    kind: 'draw',
    path,
    sopInstanceUid,
    frameNumber,
    window: null,
    most: THUMBNAIL,
  });
  return reply && 'picture' in reply ? reply.picture : null;
}

function header(
  { institution }: Disc,
  { opening, deeds }: { opening: Opening; deeds: ReturnType<typeof keyDeeds> },
): HTMLElement {
  const keyName = (key: string) => (key === ' ' ? 'Space' : key.replace('Arrow', ''));
  const help = element(
    'details',
    {},
    element('summary', {}, 'Help'),
    element(
      'div',
      {},
      element('p', {}, 'Wheel: scroll. Right button: zoom. Double click: reset. Two fingers: zoom and move.'),
      element(
        'dl',
        {},
        ...deeds.flatMap(({ keys, words }) => [
          element('dt', {}, keys.map(keyName).join(' ')),
          element('dd', {}, words),
        ]),
      ),
    ),
  );
  return element(
    'header',
    {},
    element('h1', {}, 'Medical images'),
    element('bdi', { className: 'from' }, institution),
    element('strong', { className: 'badge' }, 'Not for diagnostic use'),
    opening.button(),
    help,
  );
}

const disc = window.FILMPOST_DISC;
if (disc) begin(disc);
else
  document.body.append(
    element(
      'p',
      { className: 'notice' },
      'The list of this disc, VIEWER/DISC.JS, is missing. Copy the whole disc, not this page alone.',
    ),
  );
