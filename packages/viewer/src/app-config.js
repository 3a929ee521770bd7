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

  function tellParent(message) {
    window.parent.postMessage(message, location.origin);
  }

  /* A withdrawn right fails a hundred frames at once; the page around us wants to hear of it once. */
  const refusalsTold = new Set();
  function tellRefusal(failure) {
    const status = failure?.status ?? failure?.error?.status;
    if (![401, 403, 404].includes(status) || refusalsTold.has(status)) return;
    refusalsTold.add(status);
    tellParent({ type: 'filmpost:viewer-refused', status });
  }

  /*
   * The list of series leaves a phone a third of its width for the image. It cannot start closed: with both side
   * panels closed the viewer's layout breaks.
   */
  function closeSeriesListOnPhone() {
    if (window.innerWidth < 768) document.querySelector('[data-cy="side-panel-header-left"]')?.click();
  }

  /*
   * Fired on a viewport's element when an image has arrived there, and when its canvas has been painted, in that
   * order; but also painted while still empty. They do not bubble, but capturing sees them. An ECG or a video says
   * only that it was painted, and then without a status.
   */
  const arrived = ['CORNERSTONE_STACK_NEW_IMAGE', 'CORNERSTONE_VOLUME_NEW_IMAGE'];
  const painted = 'CORNERSTONE_IMAGE_RENDERED';
  const filled = new WeakSet();
  function rememberImage({ target }) {
    filled.add(target);
  }
  function tellFirstImage({ target, detail }) {
    if (!filled.has(target) && detail?.viewportStatus) return;
    for (const type of arrived) document.removeEventListener(type, rememberImage, { capture: true });
    document.removeEventListener(painted, tellFirstImage, { capture: true });
    closeSeriesListOnPhone();
    tellParent({ type: 'filmpost:viewer-image' });
  }
  for (const type of arrived) document.addEventListener(type, rememberImage, { capture: true });
  document.addEventListener(painted, tellFirstImage, { capture: true });

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
    httpErrorHandler: tellRefusal,
  };
})();
