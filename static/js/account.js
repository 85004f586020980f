// Passkeys: allauth's own scripts do the work; this says which form is which and what went wrong.
"use strict";

for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = !window.PublicKeyCredential;
}

for (const form of document.querySelectorAll("[data-webauthn]")) {
  const { webauthn, ...ids } = form.dataset;
  window.allauth?.webauthn?.forms[webauthn]?.({ ids });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-webauthn-trouble]")) {
    notice.hidden = false;
  }
});
