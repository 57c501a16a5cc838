/* Small conveniences of every page: reading modes, dialogs, copy, countdown, file preview. */
(function () {
  'use strict';
  var root = document.documentElement;

  function modes() { return (root.dataset.mode || '').split(' ').filter(Boolean); }

  function paintModes() {
    document.querySelectorAll('[data-toggle-mode]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(modes().includes(button.dataset.toggleMode)));
    });
  }

  function toggleMode(name) {
    var next = modes().includes(name)
      ? modes().filter(function (mode) { return mode !== name; })
      : modes().concat(name);
    root.dataset.mode = next.sort().reverse().join(' ');
    try { localStorage.setItem('wg-mode', root.dataset.mode); } catch (error) { /* kept for this page only */ }
    paintModes();
  }

  function confirmDialog(text, label, act) {
    var dialog = document.getElementById('wg-confirm');
    dialog.querySelector('[data-confirm-text]').textContent = text;
    var yes = dialog.querySelector('[data-confirm-yes]');
    yes.textContent = label || yes.dataset.label;
    yes.onclick = function () { dialog.close(); act(); };
    dialog.showModal();
  }

  function copy(button) {
    var target = document.getElementById(button.dataset.copy);
    var text = target ? target.textContent.trim() : button.dataset.copy;
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(text).then(function () {
      var before = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(function () { button.textContent = before; }, 2000);
    });
  }

  function countdowns() {
    document.querySelectorAll('[data-countdown]').forEach(function (element) {
      var left = Math.max(0, new Date(element.getAttribute('datetime')) - Date.now());
      var hours = Math.floor(left / 36e5);
      var words = left === 0 ? element.dataset.over
        : hours >= 48 ? element.dataset.days.replace('{n}', Math.floor(hours / 24))
        : hours >= 1 ? element.dataset.hours.replace('{n}', hours)
        : element.dataset.minutes.replace('{n}', Math.max(1, Math.floor(left / 6e4)));
      if (words && element.textContent !== words) element.textContent = words;
    });
  }

  function preview(input) {
    var box = document.getElementById(input.dataset.preview);
    if (!box) return;
    box.replaceChildren();
    Array.from(input.files).forEach(function (file) {
      var label = document.createElement('span');
      label.textContent = file.name + ' · ' + Math.max(1, Math.round(file.size / 1024)) + ' KB';
      if (/^image\//.test(file.type)) {
        var reader = new FileReader();
        var image = document.createElement('img');
        image.alt = '';
        reader.onload = function () { image.src = reader.result; };
        reader.readAsDataURL(file);
        box.append(image);
      }
      box.append(label);
    });
  }

  document.addEventListener('click', function (event) {
    var hit = event.target.closest('[data-toggle-mode],[data-copy],[data-dialog-open],[data-dialog-close],[data-print]');
    if (!hit) return;
    if (hit.dataset.toggleMode) toggleMode(hit.dataset.toggleMode);
    if (hit.dataset.copy) copy(hit);
    if ('print' in hit.dataset) window.print();
    if (hit.dataset.dialogOpen) { event.preventDefault(); document.getElementById(hit.dataset.dialogOpen).showModal(); }
    if ('dialogClose' in hit.dataset) { event.preventDefault(); hit.closest('dialog').close(); }
  });
  document.addEventListener('change', function (event) {
    if (event.target.dataset && event.target.dataset.preview) preview(event.target);
    if (event.target.closest('[data-submit-on-change]')) event.target.form.requestSubmit();
  });
  document.addEventListener('submit', function (event) {
    var form = event.target;
    var asker = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
    if (!asker.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmDialog(asker.dataset.confirm, asker.dataset.confirmLabel, function () {
      form.dataset.confirmed = '1';
      form.requestSubmit(event.submitter || undefined);
    });
  }, true);

  // A long menu keeps the reader's place: every page would begin at its top otherwise.
  function showPlace() {
    var rail = document.querySelector('.rail');
    var here = rail && rail.querySelector('nav [aria-current]');
    if (here) rail.scrollTop = Math.max(0, here.offsetTop - rail.clientHeight + 3 * here.offsetHeight);
  }

  paintModes();
  showPlace();
  countdowns();
  setInterval(countdowns, 30000);
})();
