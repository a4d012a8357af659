// Absolute, so that the description's servers are resolved from where it lies.
SwaggerUIBundle({
  url: new URL("openapi.json", document.baseURI).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  // Nothing is sent to another host.
  validatorUrl: null,
});
