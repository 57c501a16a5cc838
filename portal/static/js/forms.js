/* Typed text is not lost: a guard on leaving, a draft kept in this tab, one submit only. */
(function () {
  'use strict';
  var dirty = new Set();

  function key(form) { return 'wg-draft:' + location.pathname + ':' + form.dataset.draft; }

  function keepable(field) {
    return field.name && !/^(password|file|hidden|submit|button)$/.test(field.type)
      && !field.closest('[data-no-draft]') && field.dataset.noDraft === undefined;
  }

  function save(form) {
    var kept = {};
    Array.from(form.elements).filter(keepable).forEach(function (field) {
      if (/^(checkbox|radio)$/.test(field.type)) {
        kept[field.name] = (kept[field.name] || []).concat(field.checked ? field.value : []);
      } else { kept[field.name] = field.value; }
    });
    try { sessionStorage.setItem(key(form), JSON.stringify(kept)); } catch (error) { /* storage full or refused */ }
  }

  function restore(form) {
    var kept = JSON.parse(sessionStorage.getItem(key(form)) || 'null');
    if (!kept) return;
    Array.from(form.elements).filter(keepable).forEach(function (field) {
      if (!(field.name in kept)) return;
      if (Array.isArray(kept[field.name])) field.checked = kept[field.name].includes(field.value);
      else field.value = kept[field.name];
    });
    dirty.add(form);
    var note = form.querySelector('[data-draft-note]');
    if (note) note.hidden = false;
  }

  function forget(form) { try { sessionStorage.removeItem(key(form)); } catch (error) { /* nothing was kept */ } }

  document.querySelectorAll('form[data-draft]').forEach(function (form) {
    try {
      if (form.querySelector('.is-invalid')) forget(form); else restore(form);
    } catch (error) { forget(form); }
    var drop = form.querySelector('[data-draft-drop]');
    if (drop) drop.addEventListener('click', function () { forget(form); dirty.clear(); location.reload(); });
  });
  document.addEventListener('input', function (event) {
    var form = event.target.form;
    if (!form || !('draft' in form.dataset || 'guard' in form.dataset)) return;
    dirty.add(form);
    if ('draft' in form.dataset) save(form);
  });
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented) return;
    if ('signOut' in form.dataset) { dirty.clear(); try { sessionStorage.clear(); } catch (error) { /* nothing to clear */ } }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if ((form.getAttribute('method') || 'get').toLowerCase() !== 'post' || form.dataset.many !== undefined) return;
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    dirty.delete(form);
    if ('draft' in form.dataset) forget(form);
    setTimeout(function () { delete form.dataset.sent; form.removeAttribute('aria-busy'); }, 8000);
  });
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });
  window.addEventListener('beforeunload', function (event) { if (dirty.size) event.preventDefault(); });

  var summary = document.querySelector('.error-summary');
  if (summary) summary.focus();
})();
