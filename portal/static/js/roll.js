/* A roll on a telephone: everybody is there until a tap says otherwise; a tick is shown when the
   mark lies on the disk, the sign of waiting goes when the server has it. */
(function () {
  'use strict';
  var root = document.querySelector('[data-roll]');
  if (!root || root.dataset.roll === 'list') return;
  var words = root.dataset;
  var id = words.roll || location.pathname.split('/')[2];
  var list = root.querySelector('[data-rows]');
  var rowOf = root.querySelector('template[data-row]');
  var moreOf = root.querySelector('template[data-more]');
  var rolls = null;
  var base = null;
  var sheet = null;
  var busy = false;
  var opened = '';
  var undone = [];
  var current = -1;

  function say(name, text) {
    root.querySelectorAll('[data-say]').forEach(function (note) {
      note.hidden = note.dataset.say !== name;
      if (text && !note.hidden) note.querySelector('p').textContent = text;
    });
  }
  function find(childId) { return sheet.children.find(function (one) { return one.id === childId; }); }
  function word(state) { return words['state_' + state] || ''; }
  function put(node, name, text) { var found = node.querySelector('[data-' + name + ']'); if (found) found.textContent = text; return found; }

  function counts() {
    var sum = { present: 0, late: 0, leave: 0, absent: 0, split: 0 };
    sheet.children.forEach(function (child) { sum[child.state || 'present'] += 1; sum.split += child.split ? 1 : 0; });
    sum.here = sum.present + sum.late;
    return sum;
  }

  function row(child) {
    var item = rowOf.content.firstElementChild.cloneNode(true);
    item.dataset.child = child.id;
    item.dataset.state = child.split ? 'split' : child.state || 'present';
    put(item, 'no', child.no || '');
    put(item, 'called', child.name);
    put(item, 'stands', child.split ? words.split : child.gone ? words.gone.replace('{t}', child.gone) : word(child.state || 'present') + (child.state === 'late' && child.arrived ? ' ' + child.arrived : ''));
    item.querySelector('[data-unsent]').hidden = !child.unsent || Boolean(child.problem);
    item.querySelector('[data-refused]').hidden = !child.problem;
    item.querySelectorAll('[data-mark]').forEach(function (button) {
      var on = !child.split && child.state === button.dataset.mark;
      button.setAttribute('aria-pressed', String(on));
      button.setAttribute('aria-label', child.name + ' ' + button.textContent);
      button.disabled = !sheet.open;
    });
    if (opened === child.id) item.append(more(child));
    item.querySelector('[data-open]').setAttribute('aria-expanded', String(opened === child.id));
    return item;
  }

  function more(child) {
    var box = moreOf.content.firstElementChild.cloneNode(true);
    var absent = child.state === 'absent';
    box.querySelector('[data-why]').hidden = !absent;
    var last = child.said[child.said.length - 1];
    box.querySelectorAll('[data-reason]').forEach(function (chip) { chip.setAttribute('aria-pressed', String(Boolean(last) && (last.why || 'unknown').split('：')[0] === chip.dataset.reason)); });
    box.querySelector('[data-words]').value = last && last.why.includes('：') ? last.why.split('：')[1] : '';
    box.querySelector('[name=arrived]').value = child.arrived;
    box.querySelector('[name=left]').value = child.left;
    var call = box.querySelector('[data-call]');
    call.hidden = !child.tel;
    call.href = 'tel:' + child.tel;
    put(box, 'guardian', child.by ? child.by + ' ' + child.tel : child.tel);
    box.querySelector('[data-split]').hidden = !child.split;
    var said = box.querySelector('[data-said]');
    said.hidden = !child.said.length;
    child.said.forEach(function (one) {
      var line = document.createElement('li');
      line.textContent = one.at + ' ' + (one.by || words.here) + '：' + word(one.state);
      said.append(line);
    });
    var problem = put(box, 'problem', child.problem);
    problem.hidden = !child.problem;
    box.querySelector('[data-forget]').hidden = !child.problem;
    if (window.wgPickup) window.wgPickup.fill(box, child, sheet);
    return box;
  }

  function paint() {
    var query = (root.querySelector('[data-search]').value || '').trim();
    var shown = sheet.children.filter(function (child) { return !query || child.name.includes(query) || String(child.no) === query; });
    // Nobody's half-typed word is swept away by what comes in meanwhile.
    if (!list.contains(document.activeElement) || !document.activeElement.matches('input')) redraw(shown);
    current = Math.min(current, shown.length - 1);
    mark(current);
    var sum = counts();
    ['here', 'late', 'leave', 'absent'].forEach(function (name) { put(root, 'sum-' + name, sum[name]); });
    put(root, 'sum-all', sheet.children.length);
    root.querySelector('[data-split-note]').hidden = !sum.split;
    put(root, 'sum-split', sum.split);
    root.querySelector('[data-waiting]').hidden = !sheet.unsent;
    put(root, 'waiting-count', sheet.unsent);
    root.querySelector('[data-locked]').hidden = sheet.open;
    root.querySelector('[data-taken]').hidden = sheet.status !== 'taken';
    put(root, 'taken-heads', sheet.heads === null || sheet.heads === undefined ? '' : words.heads.replace('{n}', sheet.heads));
    heads();
    root.querySelector('[data-undo]').disabled = !undone.length;
    root.querySelectorAll('[data-close-form] input, [data-close-form] button').forEach(function (field) { field.disabled = !sheet.open || !sheet.today; });
  }

  // The finger, or the keyboard, stays where it was.
  function redraw(shown) {
    var at = document.activeElement && document.activeElement.closest('[data-child]');
    var held = at && { child: at.dataset.child, mark: document.activeElement.dataset.mark };
    list.replaceChildren.apply(list, shown.map(row));
    if (!held) return;
    var same = list.querySelector('[data-child="' + held.child + '"] ' + (held.mark ? '[data-mark="' + held.mark + '"]' : '[data-open]'));
    if (same) same.focus({ preventScroll: true });
  }

  function heads() {
    var typed = root.querySelector('[name=heads]').value;
    var note = root.querySelector('[data-differs]');
    note.hidden = typed === '' || Number(typed) === counts().here;
    note.textContent = words.differs.replace('{n}', typed).replace('{m}', counts().here);
  }

  async function relay() {
    sheet = wgRolls.laid(base, await rolls.waiting(id));
    paint();
  }

  async function change(child, aims, quiet) {
    var seen = child.said.map(function (one) { return one.id; });
    var before = { child: child.id, state: child.state || 'present', arrived: child.arrived, left: child.left, why: '' };
    var item = Object.assign({ kind: 'mark', child: child.id, seen: seen, way: 'tap', why: '', arrived: child.arrived, left: child.left }, aims);
    await rolls.add(id, item);
    if (!quiet) undone.push(before);
    await relay();
    send();
  }

  function aim(child, state) {
    var now = !child.split && child.state === state ? 'present' : state;
    opened = now === 'absent' || (opened === child.id && child.split) ? child.id : opened === child.id ? '' : opened;
    return change(child, { state: now, arrived: now === 'late' ? wgRolls.hour() : '', left: '', why: now === 'absent' ? 'unknown' : '', way: child.split ? 'settle' : 'tap' });
  }

  async function undo() {
    var last = undone.pop();
    if (last) await change(find(last.child), { state: last.state, arrived: last.arrived, left: last.left }, true);
  }

  async function fresh() {
    var answer = await wgOutbox.get('/attendance/' + id + '/sheet.json');
    if (!answer.ok) return;
    base = (await answer.json()).sheet;
    if (words.keep) await rolls.keep(base);
  }

  async function send() {
    if (busy) return;
    busy = true;
    var done = await rolls.send();
    if (!done.stopped) await fresh().catch(function () { done.stopped = 'offline'; });
    busy = false;
    if (done.stopped === 'gone') { location.replace('/login'); return; }
    say(done.stopped);
    await relay();
    // What was tapped while this was on its way.
    if (!done.stopped && sheet.children.some(function (one) { return one.unsent && !one.problem; })) send();
  }

  function mark(step) {
    list.querySelectorAll('.is-current').forEach(function (one) { one.classList.remove('is-current'); });
    var there = list.children[step];
    if (there) { there.classList.add('is-current'); there.scrollIntoView({ block: 'nearest' }); }
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input,textarea,select,dialog')) return;
    var moves = { ArrowDown: 1, ArrowUp: -1 };
    var states = { d: 'present', c: 'late', j: 'leave', q: 'absent' };
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (moves[key]) { current = Math.max(0, Math.min(list.children.length - 1, current + moves[key])); mark(current); }
    else if (states[key] && list.children[current] && sheet.open) { var child = find(list.children[current].dataset.child); if (child.split || (child.state || 'present') !== states[key]) aim(child, states[key]); }
    else if (key === 'z') undo();
    else if (key === '/') root.querySelector('[data-search]').focus();
    else return;
    event.preventDefault();
  }

  function tapped(event) {
    var item = event.target.closest('[data-child]');
    var button = event.target.closest('button');
    if (!item || !button || button.dataset.fetch !== undefined) return;
    var child = find(item.dataset.child);
    var box = item.querySelector('.roll-more');
    if (button.dataset.open !== undefined) { opened = opened === child.id ? '' : child.id; paint(); }
    else if (button.dataset.mark) aim(child, button.dataset.mark);
    else if (button.dataset.settle) aim(child, button.dataset.settle);
    else if (button.dataset.reason) change(child, { state: 'absent', why: button.dataset.reason });
    else if (button.dataset.save !== undefined) {
      var why = child.state === 'absent' ? 'other：' + box.querySelector('[data-words]').value : '';
      change(child, { state: child.state || 'present', arrived: box.querySelector('[name=arrived]').value, left: box.querySelector('[name=left]').value, why: why.endsWith('：') ? 'unknown' : why });
    } else if (button.dataset.forget !== undefined) rolls.forget(id, child.id).then(relay);
  }

  async function close(event) {
    event.preventDefault();
    var typed = root.querySelector('[name=heads]').value;
    await rolls.add(id, { kind: 'take', heads: typed === '' ? null : Number(typed) });
    await relay();
    await send();
    window.scrollTo(0, 0);
  }

  function wire() {
    list.addEventListener('click', tapped);
    document.addEventListener('keydown', keys);
    root.querySelector('[data-search]').addEventListener('input', paint);
    root.querySelector('[data-undo]').addEventListener('click', undo);
    root.querySelector('[data-send]').addEventListener('click', async function () { await rolls.again(id); send(); });
    root.querySelector('[name=heads]').addEventListener('input', heads);
    root.querySelector('[data-close-form]').addEventListener('submit', close);
    window.addEventListener('online', send);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) send(); });
    setInterval(send, 20000);
  }

  async function start() {
    if (!wgOutbox.usable) { say('plain'); return; }
    rolls = await wgRolls.open(words.owner);
    base = words.sheet ? JSON.parse(words.sheet) : await rolls.sheet(id);
    if (!base) { say('unknown'); root.dataset.ready = '1'; return; }
    if (words.keep) await rolls.keep(base);
    document.querySelector('[data-heading]').textContent = base.title;
    document.querySelector('p[data-when]').textContent = words.when.replace('{day}', base.day.slice(5)).replace('{from}', base.starts).replace('{to}', base.ends) + (base.what ? ' · ' + base.what : '');
    root.querySelector('[data-live]').hidden = false;
    document.querySelectorAll('[data-plain]').forEach(function (one) { one.hidden = true; });
    root.querySelector('[data-find]').hidden = base.children.length < 15;
    await relay();
    wire();
    root.dataset.ready = '1';
    window.wgRoll = { sheet: function () { return sheet; }, find: find, change: change, relay: relay, send: send, add: function (item) { return rolls.add(id, item); }, say: say, words: words };
    document.dispatchEvent(new Event('wg-roll'));
    if (await wgRolls.keepWorker(words.owner).catch(function () { return false; })) await send();
    else { await send(); say('worker'); }
  }

  start();
})();
