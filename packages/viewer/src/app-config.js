/*
 * Configures the viewer; served as it is and run before the viewer's bundle.
 *
 * The page's own query says whose images may be asked for: `?share=<id>` those of one share, `?facility=<slug>`
 * those of a facility whose staff is signed in. The session cookie proves the right to it, on every request, so
 * neither value is a secret and nothing else is kept here.
 */
(function () {
  const query = new URLSearchParams(location.search);

  function dataRoot() {
    const share = query.get('share');
    if (share) return `/dicomweb/s/${encodeURIComponent(share)}`;
    return `/dicomweb/f/${encodeURIComponent(query.get('facility') ?? '')}`;
  }

  /* The viewer's own React, which it hands to whoever draws the logo. */
  let react;

  /* Not a link: inside a frame it would open our front page in the frame. */
  function createLogoComponentFn(React) {
    react = React;
    const style = { fontWeight: 600, padding: '0 12px' };
    return React.createElement('span', { className: 'text-foreground', style }, 'Filmpost');
  }

  const aboutSentences = [
    'Opens in your browser – nothing to install.',
    'Not for primary diagnosis unless your site has validated it.',
    'Based on OHIF 3.13.2 (MIT).',
  ];
  function About() {
    return react.createElement('p', { className: 'text-foreground' }, aboutSentences.join(' '));
  }
  About.menuTitle = 'About';
  About.title = 'About this viewer';

  /* Taking a picture away is a download of ours, which is written down; marking segments has nowhere to be saved. */
  const toolsLeftOut = ['Capture', 'SegmentLabelTool'];
  const withoutThem = { $apply: (tools) => tools.filter((tool) => !toolsLeftOut.includes(tool)) };

  const customization = {
    'cornerstone.toolbarSections': { primary: withoutThem, MoreTools: withoutThem },
    'ohif.aboutModal': { $set: About },
    'ohif.appearanceModal': { $set: null },
    'ohif.tours': { $set: [] },
    /* Its "Create SR" would send a report to a server that takes none from here. */
    rightPanels: { $set: [] },
    'studyBrowser.studyMode': { $set: 'primary' },
  };

  const source = {
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
    sourceName: 'filmpost',
    configuration: {
      friendlyName: 'Filmpost',
      name: 'filmpost',
      qidoRoot: dataRoot(),
      wadoRoot: dataRoot(),
      wadoUriRoot: dataRoot(),
      qidoSupportsIncludeField: true,
      supportsFuzzyMatching: false,
      supportsWildcard: false,
      supportsReject: false,
      supportsStow: false,
      dicomUploadEnabled: false,
      imageRendering: 'wadors',
      thumbnailRendering: 'wadors',
      /* Metadata series by series: each is one ready-made, compressed answer. */
      enableStudyLazyLoad: true,
      bulkDataURI: { enabled: true },
      /* An image is drawn when it is whole: drawn as its bytes come, one that is not compressed stays black. */
      stackRetrieveOptions: { retrieveOptions: { single: { streaming: false } } },
      singlepart: 'bulkdata,video,pdf',
      omitQuotationForMultipartRequest: true,
    },
  };

  window.PUBLIC_URL = '/ohif/';
  window.browserImportFunction = (module) => import(module);
  window.config = {
    name: 'filmpost',
    routerBasename: '/ohif/',
    extensions: [],
    modes: [],
    customizationService: [customization],
    whiteLabeling: { createLogoComponentFn },
    showStudyList: false,
    investigationalUseDialog: { option: 'never' },
    measurementTrackingMode: 'none',
    showErrorDetails: 'dev',
    showLoadingIndicator: true,
    showCPUFallbackMessage: true,
    showWarningMessageForCrossOrigin: false,
    strictZSpacingForVolumeViewport: true,
    experimentalStudyBrowserSort: false,
    maxNumberOfWebWorkers: 3,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    defaultDataSourceName: 'filmpost',
    dataSources: [source],
    httpErrorHandler: window.filmpost.tellRefusal,
  };
})();
