import assert from 'node:assert/strict';
import { test } from 'node:test';
import { droppedFiles } from './dropped-files.ts';

interface Tree {
  [name: string]: Tree | string;
}

/** The entries a browser would make of a dropped folder; its reader hands out two at a time. */
function entry(fullPath: string, content: Tree | string): unknown {
  if (typeof content === 'string') {
    return {
      isFile: true,
      isDirectory: false,
      fullPath,
      file: (done: (file: File) => void) => done(new File([content], fullPath)),
    };
  }
  const children = Object.entries(content).map(([name, child]) => entry(`${fullPath}/${name}`, child));
  const createReader = () => {
    const left = [...children];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2)) };
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
