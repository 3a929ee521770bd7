/**
 * The page that starts the viewer. It holds no inline script, so its policy needs no hash, and names nothing of
 * the patient. `react-portal` and `root` are the two elements the application looks for; our own code has to run
 * before the configuration, and that before the bundle.
 */
export function viewerPage(releaseBase: string, appBundle: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no" />
    <title>Images – Filmpost</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${releaseBase}app.bundle.css" />
    <link rel="stylesheet" href="${releaseBase}viewer-narrow.css" />
    <script src="${releaseBase}page.js"></script>
    <script src="${releaseBase}app-config.js"></script>
    <script defer src="${releaseBase}${appBundle}"></script>
  </head>
  <body>
    <noscript>The image viewer needs JavaScript.</noscript>
    <div id="react-portal"></div>
    <div id="root"></div>
  </body>
</html>
`;
}
