/* A queue by keyboard: j and k move, x selects, Enter opens, / searches, ? helps. */
(function () {
  'use strict';
  var queue = document.querySelector('[data-queue]');
  if (!queue) return;
  var rows = Array.from(queue.querySelectorAll('[data-row]'));
  var boxes = Array.from(queue.querySelectorAll('.row-select'));
  var all = queue.querySelector('[data-select-all]');
  var bar = document.querySelector('[data-bulk]');
  var current = -1;

  function count() {
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    if (bar) {
      bar.hidden = chosen === 0;
      bar.querySelector('[data-bulk-count]').textContent = chosen;
      bar.querySelectorAll('button').forEach(function (button) { button.disabled = chosen === 0; });
    }
    if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  }

  function move(step) {
    if (!rows.length) return;
    if (current >= 0) rows[current].classList.remove('is-current');
    current = Math.min(rows.length - 1, Math.max(0, current + step));
    rows[current].classList.add('is-current');
    rows[current].scrollIntoView({ block: 'nearest' });
    var link = rows[current].querySelector('a.row-link');
    if (link) link.focus({ preventScroll: true });
  }

  function select() {
    var box = current >= 0 && rows[current].querySelector('.row-select');
    if (box) { box.checked = !box.checked; count(); }
  }

  var keys = {
    j: function () { move(1); },
    k: function () { move(-1); },
    x: select,
    '/': function () { var box = document.querySelector('[name="q"]'); if (box) box.focus(); },
    '?': function () { var help = document.getElementById('wg-keys'); if (help && !help.open) help.showModal(); }
  };

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.target.closest('input:not([type="checkbox"]),textarea,select,dialog')) return;
    event.preventDefault();
    keys[event.key]();
  });
  queue.addEventListener('change', function (event) {
    if (event.target === all) boxes.forEach(function (box) { box.checked = all.checked; });
    count();
  });
  count();
})();
