import assert from 'node:assert/strict';
import { test } from 'node:test';
import { droppedFiles, pickedFiles } from './dropped-files.ts';

interface Tree {
  [name: string]: Tree | string;
}

/** The entries a browser would make of a dropped folder; its reader hands out `atOnce` at a time. */
function entry(fullPath: string, content: Tree | string, atOnce = 2): unknown {
  if (typeof content === 'string') {
    return {
      isFile: true,
      isDirectory: false,
      fullPath,
      file: (done: (file: File) => void) => done(new File([content], fullPath)),
    };
  }
  const children = Object.entries(content).map(([name, child]) =>
    entry(`${fullPath}/${name}`, child, atOnce),
  );
  const createReader = () => {
    const left = [...children];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, atOnce)) };
  };
  return { isFile: false, isDirectory: true, fullPath, createReader };
}

function dropped(tree: Tree, ...files: File[]): DataTransfer {
  const items = Object.entries(tree).map(([name, content]) => ({
    webkitGetAsEntry: () => entry(`/${name}`, content),
    getAsFile: () => null,
  }));
  const text = { webkitGetAsEntry: () => null, getAsFile: () => null };
  const attachment = { webkitGetAsEntry: () => null, getAsFile: () => files[0] ?? null };
  return { items: [...items, text, attachment] } as unknown as DataTransfer;
}

test('a dropped folder is walked to the bottom, beyond what its reader hands out at once', async () => {
  const cd = {
    CD: { DICOMDIR: 'x', IMAGES: { IM1: 'a', IM2: 'b', IM3: 'c', MORE: { IM4: 'd' } } },
    'note.txt': 'n',
  };
  const files = await droppedFiles(dropped(cd));
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'CD/DICOMDIR',
    'CD/IMAGES/IM1',
    'CD/IMAGES/IM2',
    'CD/IMAGES/IM3',
    'CD/IMAGES/MORE/IM4',
    'note.txt',
  ]);
});

test('dropped text, which is no file, is left alone', async () => {
  assert.deepEqual(await droppedFiles(dropped({})), []);
});

test('a file that comes from a mail has no place on a disk and is taken all the same', async () => {
  const files = await droppedFiles(dropped({}, new File(['x'], 'disc.zip')));
  assert.deepEqual(
    files.map(({ path }) => path),
    ['disc.zip'],
  );
});

test('files of a large folder are asked for a few at a time, and told of as they come', async () => {
  let asked = 0;
  let most = 0;
  const images = Object.fromEntries(Array.from({ length: 95 }, (_, at) => [`IM${at}`, 'x']));
  const folder = entry('/CD', images, 100) as FileSystemDirectoryEntry;
  const slowly = (one: FileSystemEntry) => ({
    ...one,
    file: (done: (file: File) => void) => {
      most = Math.max(most, ++asked);
      setImmediate(() => {
        asked--;
        (one as FileSystemFileEntry).file(done);
      });
    },
  });
  const createReader = () => {
    const reader = folder.createReader();
    return {
      readEntries: (done: (some: unknown[]) => void) => reader.readEntries((some) => done(some.map(slowly))),
    };
  };
  const items = [{ webkitGetAsEntry: () => ({ ...folder, createReader }), getAsFile: () => null }];
  const told: number[] = [];
  const files = await droppedFiles({ items } as unknown as DataTransfer, (count) => told.push(count));
  assert.equal(files.length, 95);
  assert.equal(most, 10);
  assert.equal(told.at(-1), 95);
});

test('what an input holds is taken at once: the input may be emptied right after', async () => {
  const list = Array.from({ length: 2500 }, (_, at) => new File(['x'], `IM${at}`));
  const picking = pickedFiles(list);
  list.length = 0;
  const picked = await picking;
  assert.deepEqual([picked.length, picked.at(-1)?.path], [2500, 'IM2499']);
});
