/** The reference, with the token of the session. */
"use strict";

/** Whether Swagger UI has a token. */
let authorized = false;
/** The `Authorization` of the last request. */
let sent;

/**
 * The operations for the typed text: each word is part of path, method, summary or tag, in any case. Swagger UI's
 * own filter knows tags only. `tags` is a map of Immutable.js.
 */
function opsFilter(tags, typed) {
  const words = typed.toLowerCase().split(/\s+/);
  return tags
    .map((group, tag) =>
      group.update("operations", (operations) =>
        operations.filter((each) => {
          const texts = [each.get("path"), each.get("method"), each.getIn(["operation", "summary"]), tag];
          const text = texts.join(" ").toLowerCase();
          return words.every((word) => text.includes(word));
        }),
      ),
    )
    .filter((group) => group.get("operations").size > 0);
}

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  filter: true,
  plugins: [() => ({ fn: { opsFilter } })],
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
  onComplete: () => {
    document.querySelector(".operation-filter-input").placeholder = "Filter by path, method, summary or tag";
    session.start(() => {
      const token = session.token();
      if (token) ui.preauthorizeApiKey("bearer", token);
      else if (authorized) ui.authActions.logout(["bearer"]);
      authorized = token !== null;
    });
  },
});
