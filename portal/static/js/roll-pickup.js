/* Who fetches a child, with or without a signal: the code is reckoned against the slow hash of
   today's list (docs/adr/0020), or staff compare the picture of the card. Nobody else gets a child. */
(function () {
  'use strict';
  var TRIES = 3;
  var tries = {};

  function bytes(hex) { return Uint8Array.from(hex.match(/../g) || [], function (pair) { return parseInt(pair, 16); }); }

  async function fits(stored, code) {
    var parts = stored.split('$');
    if (parts[0] !== 'pbkdf2_sha256' || parts.length !== 4) return false;
    var key = await crypto.subtle.importKey('raw', new TextEncoder().encode(code), 'PBKDF2', false, ['deriveBits']);
    var found = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(parts[2]), iterations: Number(parts[1]) }, key, 256);
    return Array.from(new Uint8Array(found), function (one) { return one.toString(16).padStart(2, '0'); }).join('') === parts[3];
  }

  function fill(box, child, sheet) {
    var part = box.querySelector('[data-pickup]');
    part.hidden = !sheet.pickup || !sheet.today || child.state === 'absent' || child.state === 'leave';
    if (part.hidden) return;
    part.querySelector('[data-gone]').hidden = !child.gone;
    part.querySelector('[data-door]').hidden = Boolean(child.gone) || !sheet.open;
    part.querySelector('[data-nobody]').hidden = Boolean(child.fetch.length);
    part.querySelector('[data-blocked]').hidden = !child.blocked;
    part.querySelector('[data-code-part]').hidden = !child.fetch.length;
    var names = part.querySelector('[data-people]');
    child.fetch.forEach(function (person) {
      var line = part.querySelector('template[data-person]').content.firstElementChild.cloneNode(true);
      line.querySelector('[data-who]').textContent = person.name + '（' + (part.dataset['rel_' + person.rel] || person.rel) + '）';
      line.querySelector('button').dataset.person = person.id;
      names.append(line);
    });
  }

  async function go(child, person, code) {
    await wgRoll.add({ kind: 'go', child: child.id, person: person.id, code: code });
    await wgRoll.relay();
    wgRoll.say('gone-out', wgRoll.words.wentWith.replace('{child}', child.name).replace('{person}', person.name));
    wgRoll.send();
  }

  async function block(child, said) {
    await wgRoll.add({ kind: 'block', child: child.id, words: said });
    await wgRoll.relay();
    wgRoll.send();
  }

  async function byCode(child, part) {
    var field = part.querySelector('[data-code]');
    var code = field.value.trim();
    var note = part.querySelector('[data-wrong]');
    if (!/^\d{6}$/.test(code)) { note.textContent = wgRoll.words.sixDigits; note.hidden = false; return; }
    field.blur();
    for (var person of child.fetch) if (await fits(person.code, code)) { await go(child, person, code); return; }
    tries[child.id] = (tries[child.id] || 0) + 1;
    if (tries[child.id] >= TRIES) { tries[child.id] = 0; await block(child, wgRoll.words.wrongThrice); return; }
    note.textContent = wgRoll.words.wrongCode.replace('{n}', TRIES - tries[child.id]);
    note.hidden = false;
  }

  document.addEventListener('click', async function (event) {
    var button = event.target.closest('[data-fetch]');
    if (!button || !window.wgRoll) return;
    var child = wgRoll.find(button.closest('[data-child]').dataset.child);
    var part = button.closest('[data-pickup]');
    var what = button.dataset.fetch;
    if (what === 'code') await byCode(child, part);
    else if (what === 'card') {
      var person = child.fetch.find(function (one) { return one.id === button.dataset.person; });
      if (window.confirm(wgRoll.words.cardSure.replace('{person}', person.name))) await go(child, person, '');
    } else {
      var said = part.querySelector('[data-stranger]');
      var text = said.value.trim() || wgRoll.words.stranger;
      said.blur();
      await block(child, text);
    }
  });

  window.wgPickup = { fill: fill };
})();
