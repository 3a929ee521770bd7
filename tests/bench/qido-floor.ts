import http from 'node:http';

/** The floor of answering: `/N` is answered with the N-th of the bodies it was given, from memory. */
process.once('message', (bodies: Buffer[]) => {
  const server = http.createServer({ noDelay: true }, (request, response) => {
    const body = bodies[Number(request.url?.slice(1))] ?? Buffer.alloc(0);
    response.writeHead(200, { 'content-type': 'application/dicom+json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : 0);
  });
});
process.on('disconnect', () => process.exit(0));
