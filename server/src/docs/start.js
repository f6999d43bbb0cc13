// A script of its own: the page's policy lets no inline one run. Without the validator of others, which the document would
// be sent to.
SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
