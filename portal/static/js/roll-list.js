/* The list of today's rolls: keeps tomorrow's sheets, too, and shows them without a signal. */
(function () {
  'use strict';
  var root = document.querySelector('[data-roll=list]');
  if (!root || !wgOutbox.usable) return;

  function line(sheet, waiting) {
    var item = root.querySelector('template[data-line]').content.firstElementChild.cloneNode(true);
    item.querySelector('a').href = '/attendance/' + sheet.id;
    item.querySelector('[data-title]').textContent = sheet.title + (sheet.what ? ' · ' + sheet.what : '');
    item.querySelector('[data-time]').textContent = sheet.day.slice(5) + ' ' + sheet.starts + '–' + sheet.ends;
    item.querySelector('[data-unsent]').hidden = !waiting;
    return item;
  }

  async function start() {
    var rolls = await wgRolls.open(root.dataset.owner);
    if (root.dataset.owner) {
      var done = await rolls.send();
      if (done.stopped === 'gone') { location.replace('/login'); return; }
      await rolls.renew().catch(function () { /* kept as it was */ });
    } else {
      var box = root.querySelector('[data-lines]');
      for (var sheet of await rolls.sheets()) box.append(line(sheet, (await rolls.waiting(sheet.id)).length));
      root.querySelector('[data-none]').hidden = Boolean(box.children.length);
      if (await wgRolls.standing().catch(function () { return ''; }) === 'gone') await window.wgWipe();
    }
    root.dataset.ready = '1';
    var kept = await wgRolls.keepWorker(root.dataset.owner).catch(function () { return false; });
    root.querySelector('[data-no-worker]').hidden = kept;
  }

  start();
})();
