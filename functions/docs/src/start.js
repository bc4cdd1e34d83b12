/** The reference, with the token of the session. */
"use strict";

/** Whether Swagger UI has a token. */
let authorized = false;
/** The `Authorization` of the last request. */
let sent;

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  filter: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  // Without cookies and the like, the browser opens no sign-in box of its own at a 401.
  requestInterceptor: (request) => {
    sent = request.headers.Authorization;
    return Object.assign(request, { credentials: "omit" });
  },
  responseInterceptor: (response) => {
    const token = session.token();
    if (response.status === 401 && token && sent === `Bearer ${token}`) session.refused();
    return response;
  },
  onComplete: () =>
    session.start(() => {
      const token = session.token();
      if (token) ui.preauthorizeApiKey("bearer", token);
      else if (authorized) ui.authActions.logout(["bearer"]);
      authorized = token !== null;
    }),
});
