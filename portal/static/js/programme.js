/* The checklist beside a programme's form follows what is typed; nothing is saved by it. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-checklist]');
  var box = document.getElementById('checklist');
  if (!form || !box) return;
  var waiting = null;
  var asked = 0;

  function ask() {
    var url = new URL(form.dataset.checklist, location.href);
    ['starts_on', 'ends_on', 'season', 'ratio', 'capacity', 'venue', 'budget', 'register_from', 'register_until'].forEach(function (name) {
      var field = form.elements[name];
      if (field && field.value !== undefined) url.searchParams.set(name, field.value);
    });
    asked += 1;
    var mine = asked;
    fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (text) {
      if (text === null || mine !== asked) return;
      var made = new DOMParser().parseFromString(text, 'text/html').querySelector('.checklist');
      if (made) box.replaceChildren(made);
    }).catch(function () { /* offline: the last list stays */ });
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  }

  form.addEventListener('input', later);
  form.addEventListener('change', later);
  if (form.querySelector('[data-draft-note]:not([hidden])')) later();
})();
