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
    withoutPatientSearch,
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
