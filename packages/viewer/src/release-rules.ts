/** Where the viewer is mounted. OHIF's router, its workers and our pages all have to agree on it. */
export const viewerBase = '/ohif/';

/** An exact replacement in the files of the shipped viewer. */
export interface Rewrite {
  /** Which files, by their path in the dist folder. */
  files: RegExp;
  from: string;
  to: string;
  /** How often `from` occurs in all those files together; any other number means we no longer know the viewer. */
  hits: number;
}

const appBundle = /^app\.bundle\.[0-9a-f]+\.js$/;

/**
 * Files of the dist folder that we do not serve.
 *
 * The service worker is the important one: its installer unregisters every other worker of the origin, ours
 * included, and it imports scripts from another host. The rest is sign-in to foreign servers, home-screen
 * icons, models for assisted segmentation, slide microscopy and what we write anew.
 */
const leftOut = [
  /\.map$/,
  /^(sw|init-service-worker|google|oidc-client\.min|polyfill\.min|es6-shim\.min|app-config)\.js$/,
  /^(index|silent-refresh)\.html$/,
  /^(_headers|_redirects|serve\.json|manifest\.json)$/,
  /^ohif-logo.*\.svg$/,
  /^assets\/(?!images\/)/,
  /^(customizations|dicom-microscopy-viewer|ort)\//,
];

export function isServed(path: string): boolean {
  return !leftOut.some((pattern) => pattern.test(path));
}

/** A mode left out costs no request at start-up and its route answers "not found". */
const modesNotOffered = ['segmentation', 'tmtv', 'microscopy', 'preclinical-4d', 'ultrasound-pleura-bline'];

/** `releaseBase` is the folder, seen from the browser, that holds every file of this release. */
export function rewritesFor(releaseBase: string): Rewrite[] {
  return [
    {
      files: /\.js$/,
      from: '__webpack_require__.p = "/";',
      to: `__webpack_require__.p = "${releaseBase}";`,
      hits: 8,
    },
    { files: /^app\.bundle\.css$/, from: 'url(/', to: `url(${releaseBase}`, hits: 5 },
    ...modesNotOffered.map((mode) => withoutPlugin('modes', `@ohif/mode-${mode}`)),
    withoutPlugin('extensions', '@ohif/extension-ultrasound-pleura-bline'),
    withoutLocalFileRoutes,
    tolerantStructuredReport,
    everyReport,
    withoutPatientSearch,
    metadataThroughUs,
    ...studyListThroughUs,
    coreListenedTo,
    stacksOfCapturesAreImages,
    withoutSlides,
    retiredClassesAreImages,
    freshJpeg2000Decoder,
    brokenRunLengths,
    harmlessDocuments,
    ...twoViewports,
  ];
}

function withoutPlugin(kind: 'modes' | 'extensions', name: string): Rewrite {
  return { files: appBundle, from: `pluginImports_${kind}.push("${name}");`, to: '', hits: 1 };
}

/** The first two baked-in routes are the "not found" pages; behind them come debugging and opening local files. */
const withoutLocalFileRoutes: Rewrite = {
  files: appBundle,
  from: '...bakedInRoutes, customRoutes?.notFoundRoute',
  to: '...bakedInRoutes.slice(0, 2), customRoutes?.notFoundRoute',
  hits: 1,
};

/** IMAGE items of a structured report may lack a concept name (PS3.3 C.17.3); the viewer would go blank on one. */
const tolerantStructuredReport: Rewrite = {
  files: /^9068\.bundle\.[0-9a-f]+\.js$/,
  from: 'CodeMeaning\n  } = ConceptNameCodeSequence;',
  to: 'CodeMeaning\n  } = ConceptNameCodeSequence ?? {};',
  hits: 1,
};

/**
 * The list of studies asks for others of the same patient, with the patient ID in the address. It shows the one it was
 * opened for, so nothing is missed, and nothing of the patient ends in histories and logs.
 */
const withoutPatientSearch: Rewrite = {
  files: /^89\.bundle\.[0-9a-f]+\.js$/,
  from: 'const mrn = qidoForStudyUID[0].mrn;',
  to: 'const mrn = undefined;',
  hits: 1,
};

/** A series of reports showed its last one only. */
const everyReport: Rewrite = {
  files: /^7248\.bundle\.[0-9a-f]+\.js$/,
  from: 'return _getDisplaySetsFromSeries(instances, servicesManager, extensionManager);',
  to: 'return instances.flatMap(instance => _getDisplaySetsFromSeries([instance], servicesManager, extensionManager));',
  hits: 1,
};

/** Every data set passes `take` (page/telling.ts): it is made fit to be drawn, and we learn what will be seen. */
const metadataThroughUs: Rewrite = {
  files: /^89\.bundle\.[0-9a-f]+\.js$/,
  from: 'const naturalized = DicomWebDataSource_naturalizeDataset(instance);',
  to: 'const naturalized = window.filmpost.take(DicomWebDataSource_naturalizeDataset(instance));',
  hits: 1,
};

/** So does what the list of studies says of each; it comes from a search of its own. */
const studyListThroughUs: Rewrite[] = [
  {
    name: 'patientName',
    keyword: 'Alphabetic',
    value: "src/* .utils.formatPN */.Wp.formatPN(getName(qidoStudy['00100010'])) || ''",
  },
  { name: 'description', keyword: 'StudyDescription', value: "getString(qidoStudy['00081030']) || ''" },
].map(({ name, keyword, value }) => ({
  files: /^89\.bundle\.[0-9a-f]+\.js$/,
  from: `${name}: ${value},`,
  to: `${name}: window.filmpost.readable('${keyword}', ${value}),`,
  hits: 1,
}));

/** The moment at which the viewer's core can be listened to. */
const coreListenedTo: Rewrite = {
  files: /^89\.bundle\.[0-9a-f]+\.js$/,
  from: 'window.services = servicesManager.services;',
  to: 'window.services = servicesManager.services; window.filmpost.watchForDamage();',
  hits: 1,
};

/** The viewer takes secondary captures of 90 frames for a film; transfer syntaxes of films it knows anyway. */
const stacksOfCapturesAreImages: Rewrite = {
  files: /^100\.bundle\.[0-9a-f]+\.js$/,
  from: 'secondaryCaptureSopClassUids.includes(metadata.SOPClassUID) && metadata.NumberOfFrames >= 90',
  to: 'false',
  hits: 1,
};

/** Slides need a program of 30 MB that we leave out; without their handler the list of series says so. */
const withoutSlides: Rewrite = {
  files: /^6749\.bundle\.[0-9a-f]+\.js$/,
  from: 'ohif.sopClassHandler, ohif.wsiSopClassHandler,',
  to: 'ohif.sopClassHandler,',
  hits: 1,
};

/**
 * SOP classes that old discs still carry (PS3.4 B.6): ultrasound and its cines, scintigrams, bi-plane angiograms; and
 * photographs of any light. The viewer means to take the first, and misspells it.
 */
const retiredClassesAreImages: Rewrite = {
  files: /^89\.bundle\.[0-9a-f]+\.js$/,
  from: 'sopClassDictionary.UltrasoundImageStorageRET,',
  to: `${['6', '3', '5', '12.3', '77.1', '77.2', '77.1.7'].map((suffix) => `'1.2.840.10008.5.1.4.1.1.${suffix}'`).join(', ')},`,
  hits: 1,
};

/**
 * One JPEG 2000 decoder served all frames, and after a broken one still held the picture before: of another patient, in
 * the worst case. Each frame gets its own, and one that decoded nothing is an error.
 */
const freshJpeg2000Decoder: Rewrite = {
  files: /^8097\.bundle\.[0-9a-f]+\.js$/,
  from: 'const decoder = local.decoder;\n    const encodedBufferInWASM = decoder.getEncodedBuffer(compressedImageFrame.length);\n    encodedBufferInWASM.set(compressedImageFrame);\n    decoder.decode();\n    const frameInfo = decoder.getFrameInfo();\n    const decodedBufferInWASM = decoder.getDecodedBuffer();\n',
  to: 'local.decoder.delete();\n    const decoder = local.decoder = new local.codec.J2KDecoder();\n    const encodedBufferInWASM = decoder.getEncodedBuffer(compressedImageFrame.length);\n    encodedBufferInWASM.set(compressedImageFrame);\n    decoder.decode();\n    const frameInfo = decoder.getFrameInfo();\n    const decodedBufferInWASM = decoder.getDecodedBuffer();\n    if (decodedBufferInWASM.length === 0) throw new Error("This JPEG 2000 image cannot be decoded.");\n',
  hits: 1,
};

/** An RLE frame begins with the number of its segments, 1 to 15 (PS3.5 G.5); of anything else came a black picture. */
const brokenRunLengths: Rewrite = {
  files: /^8097\.bundle\.[0-9a-f]+\.js$/,
  from: 'async function decodeRLE(imageFrame, pixelData) {',
  to: `async function decodeRLE(imageFrame, pixelData) {
    const segments = new DataView(pixelData.buffer, pixelData.byteOffset).getInt32(0, true);
    if (segments < 1 || segments > 15) throw new Error("This RLE image cannot be decoded.");`,
  hits: 1,
};

/** Browsers run what scripts a PDF holds. Those that hold some are not opened (page/documents.ts). */
const harmlessDocuments: Rewrite = {
  files: /^7463\.bundle\.[0-9a-f]+\.js$/,
  from: 'setUrl(result?.url || null);',
  to: 'setUrl(result?.url ? await window.filmpost.harmlessDocument(result.url) : null);',
  hits: 1,
};

/**
 * Two exams in two viewports, side by side or, on a phone, one above the other. The viewer's own layout for comparing
 * begins with four, of which single series leave two empty, and its stages cannot be asked for by an address.
 */
const twoViewports: Rewrite[] = [
  {
    files: /^89\.bundle\.[0-9a-f]+\.js$/,
    from: `        rows: 2,
        columns: 2
      }
    },
    viewports: [currentViewport0, priorViewport0, currentViewport1, priorViewport1]`,
    to: `        rows: 2,
        columns: 1
      }
    },
    id: 'stacked',
    viewports: [currentViewport0, priorViewport0]`,
    hits: 1,
  },
  {
    files: /^89\.bundle\.[0-9a-f]+\.js$/,
    from: 'viewports: [currentViewport0, priorViewport0]\n  }]',
    to: "id: 'beside',\n    viewports: [currentViewport0, priorViewport0]\n  }]",
    hits: 1,
  },
];
