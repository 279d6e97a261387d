// @ts-check
/** The page `/docs`: Swagger UI on the service's own document. */

// validatorUrl: else the viewer would fetch a badge from another host.
// @ts-ignore: the script before this one defines it
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
