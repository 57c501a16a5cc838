/* Passkeys: ask the server what to sign, let the device sign it, send it as a plain form. */
(function () {
  'use strict';
  var forms = document.querySelectorAll('form[data-passkey]');

  function ask(form) {
    var body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    return fetch('/passkeys/options/' + form.dataset.passkey, {
      method: 'POST', body: body, credentials: 'same-origin', headers: { Accept: 'application/json' }
    }).then(function (answer) {
      if (!answer.ok) throw new Error('refused');
      return answer.json();
    });
  }

  function sign(form, options) {
    var library = window.SimpleWebAuthnBrowser;
    return form.dataset.passkey === 'add'
      ? library.startRegistration({ optionsJSON: options })
      : library.startAuthentication({ optionsJSON: options });
  }

  function say(form, text) {
    var place = form.querySelector('[data-passkey-error]');
    place.textContent = text;
    place.hidden = !text;
  }

  forms.forEach(function (form) {
    var usable = window.SimpleWebAuthnBrowser && window.SimpleWebAuthnBrowser.browserSupportsWebAuthn();
    form.hidden = !usable;
    if (!usable) return;
    form.addEventListener('submit', function (event) {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(form, '');
      ask(form)
        .then(function (options) { return sign(form, options); })
        .then(function (credential) {
          form.elements.credential.value = JSON.stringify(credential);
          form.submit();
        })
        .catch(function () { say(form, form.dataset.failed); });
    }, true);
  });
})();
