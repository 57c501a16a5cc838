/* The journal on a phone: what is typed is kept, what is finished waits here until it is sent. */
(function () {
  'use strict';
  var root = document.querySelector('[data-journal]');
  if (!root) return;
  var place = root.dataset.place || location.pathname.replace(/\/new$/, '');
  var form = root.querySelector('form[data-journal-form]');
  var box = root.querySelector('[data-pending]');
  var words = root.dataset;
  var outbox = null;
  var busy = false;

  function say(name, text) {
    root.querySelectorAll('[data-say]').forEach(function (note) {
      note.hidden = note.dataset.say !== name;
      if (text && !note.hidden) note.querySelector('p').textContent = text;
    });
  }

  function value(pairs, name) {
    var found = pairs.find(function (pair) { return pair[0] === name; });
    return found ? found[1] : '';
  }

  function fill(pairs) {
    Array.from(form.elements).forEach(function (field) {
      if (!field.name || field.name === 'csrf_token' || field.type === 'file') return;
      var given = pairs.filter(function (pair) { return pair[0] === field.name; }).map(function (pair) { return pair[1]; });
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = given.includes(field.value);
      else field.value = given.length ? given[0] : '';
    });
  }

  function dated() {
    var day = form.elements.happened_on;
    day.max = new Date().toLocaleDateString('sv-SE');
    if (!day.value) day.value = day.max;
  }

  function fresh() {
    form.reset();
    form.elements.client_id.value = crypto.randomUUID();
    delete form.dataset.edited;
    dated();
  }

  function line(entry) {
    var item = root.querySelector('template[data-pending-item]').content.cloneNode(true);
    var put = function (name, text) { item.querySelector('[data-' + name + ']').textContent = text; };
    put('when', value(entry.pairs, 'happened_on'));
    put('kind', words['kind_' + value(entry.pairs, 'kind')] || '');
    put('text', value(entry.pairs, 'did').slice(0, 60));
    item.querySelector('[data-waiting]').hidden = entry.state !== 'waiting';
    item.querySelector('[data-refused]').hidden = entry.state === 'waiting';
    put('message', entry.message || '');
    item.querySelector('[data-alarm]').hidden = !value(entry.pairs, 'worried');
    item.querySelector('[data-edit]').addEventListener('click', function () { edit(entry); });
    item.querySelector('[data-drop]').addEventListener('click', function () { drop(entry); });
    return item;
  }

  async function paint() {
    var mine = (await outbox.list()).filter(function (entry) { return entry.address === place; });
    box.hidden = !mine.length;
    box.querySelector('[data-list]').replaceChildren.apply(box.querySelector('[data-list]'), mine.map(line));
  }

  // Out of the queue, into the form: it is not sent while it is being changed.
  async function edit(entry) {
    if (await outbox.draft(place)) { say('unfinished'); window.scrollTo(0, 0); return; }
    await outbox.keepDraft(place, entry.pairs.concat([['edited', '1']]));
    await outbox.remove(entry.id);
    if (!form) { location.href = place + '/new'; return; }
    await restore();
    await paint();
    form.scrollIntoView();
  }

  async function drop(entry) {
    if (!window.confirm(words.sureDrop)) return;
    await outbox.remove(entry.id);
    await paint();
  }

  async function restore() {
    var pairs = await outbox.draft(place);
    if (!pairs) return;
    fill(pairs);
    if (value(pairs, 'edited')) form.dataset.edited = '1';
    say('restored');
  }

  async function send() {
    if (busy) return;
    busy = true;
    var done = await outbox.flush(words.token, words.changedLate);
    busy = false;
    await paint();
    if (done.sent) { location.href = place + '?sent=' + done.sent; return; }
    if (done.stopped) say(done.stopped);
  }

  async function finish(event) {
    event.preventDefault();
    var pairs = await wgOutbox.pack(form);
    await outbox.put({ id: form.elements.client_id.value, address: place, pairs: pairs, edited: form.dataset.edited === '1' });
    await outbox.dropDraft(place);
    fresh();
    await paint();
    window.scrollTo(0, 0);
    await send();
  }

  function typing() {
    var timer = 0;
    var keep = async function () {
      var pairs = await wgOutbox.pack(form);
      var texts = pairs.filter(function (pair) { return typeof pair[1] === 'string'; });
      await outbox.keepDraft(place, form.dataset.edited ? texts.concat([['edited', '1']]) : texts);
    };
    form.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(keep, 400); });
    form.addEventListener('submit', function (event) { clearTimeout(timer); finish(event); });
    root.querySelectorAll('[data-minutes]').forEach(function (button) {
      button.addEventListener('click', function () { form.elements.minutes.value = button.dataset.minutes; keep(); });
    });
    root.querySelector('[data-draft-forget]').addEventListener('click', async function () {
      await outbox.dropDraft(place);
      fresh();
      say('');
    });
  }

  async function worker() {
    if (!('serviceWorker' in navigator)) { say('worker'); return; }
    var found = await navigator.serviceWorker.register('/sw.js', { scope: '/me/pairings/' });
    var ready = found.active || await navigator.serviceWorker.ready.then(function (one) { return one.active; });
    if (root.dataset.owner) ready.postMessage('refresh');
  }

  async function start() {
    if (!wgOutbox.usable) { say('plain'); return; }
    outbox = await wgOutbox.open('journal', root.dataset.owner);
    if (form) {
      if (!form.elements.client_id.value) form.elements.client_id.value = crypto.randomUUID();
      dated();
      if (!form.querySelector('.is-invalid')) await restore();
      typing();
    }
    await paint();
    root.dataset.ready = '1';
    root.querySelector('[data-send-now]').addEventListener('click', send);
    window.addEventListener('online', send);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) send(); });
    setInterval(send, 30000);
    await send();
    await worker().catch(function () { say('worker'); });
  }

  start();
})();
