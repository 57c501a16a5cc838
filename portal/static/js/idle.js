/* Staff leave the desk: a warning a minute before the session ends, then the page is covered. */
(function () {
  'use strict';
  var dialog = document.getElementById('wg-idle');
  if (!dialog) return;
  var span = Number(dialog.dataset.idleSeconds) * 1000;
  var warning = dialog.querySelector('[data-idle-warning]');
  var over = dialog.querySelector('[data-idle-over]');
  var typed = null;
  var loaded = Date.now();

  function seen() {
    var other = 0;
    try { other = Number(localStorage.getItem('wg-seen')) || 0; } catch (error) { /* this tab only */ }
    return Math.max(loaded, other);
  }

  function mark() {
    loaded = Date.now();
    try { localStorage.setItem('wg-seen', String(loaded)); } catch (error) { /* this tab only */ }
  }

  function show(part) {
    warning.hidden = part !== warning;
    over.hidden = part !== over;
    if (!dialog.open) dialog.showModal();
  }

  function cover() {
    document.documentElement.classList.add('is-covered');
    dialog.querySelector('[data-idle-clean]').hidden = Boolean(typed);
    dialog.querySelector('[data-idle-typed]').hidden = !typed;
    show(over);
  }

  function look() {
    var left = seen() + span - Date.now();
    if (left <= 0) cover();
    else if (left <= 60000) show(warning);
    else if (dialog.open && over.hidden) dialog.close();
  }

  function stay() {
    fetch(dialog.dataset.here, { credentials: 'same-origin', redirect: 'manual' }).then(function (answer) {
      if (answer.status !== 204) { cover(); return; }
      mark();
      dialog.close();
    });
  }

  function again() {
    if (!typed) { location.reload(); return; }
    var only = document.createElement('input');
    only.type = 'hidden';
    only.name = 'keep_only';
    only.value = '1';
    typed.append(only);
    typed.querySelectorAll('input[type=file]').forEach(function (field) { field.disabled = true; });
    HTMLFormElement.prototype.submit.call(typed);
  }

  document.addEventListener('input', function (event) {
    var form = event.target.form;
    if (form && form.method === 'post') typed = form;
  });
  dialog.addEventListener('cancel', function (event) { event.preventDefault(); if (over.hidden) stay(); });
  dialog.querySelector('[data-idle-stay]').addEventListener('click', stay);
  dialog.querySelector('[data-idle-again]').addEventListener('click', again);
  mark();
  setInterval(look, 5000);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) look(); });
})();
