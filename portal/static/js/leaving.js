/* Signing out takes everything off this device: what was not sent is told first. */
(function () {
  'use strict';
  var DB = 'wg-outbox';

  function count() {
    return new Promise(function (resolve) {
      var asked = indexedDB.open(DB);
      asked.onupgradeneeded = function () { asked.transaction.abort(); };
      asked.onerror = function () { resolve(0); };
      asked.onsuccess = function () {
        var db = asked.result;
        if (!db.objectStoreNames.contains('entries')) { db.close(); resolve(0); return; }
        var rows = db.transaction('entries').objectStore('entries').count();
        rows.onsuccess = function () { db.close(); resolve(rows.result); };
        rows.onerror = function () { db.close(); resolve(0); };
      };
    });
  }

  function wipe() {
    var gone = new Promise(function (resolve) {
      var asked = indexedDB.deleteDatabase(DB);
      asked.onsuccess = asked.onerror = asked.onblocked = resolve;
    });
    var shells = window.caches ? caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) { return name.startsWith('wg-'); }).map(function (name) { return caches.delete(name); }));
    }) : null;
    var workers = navigator.serviceWorker ? navigator.serviceWorker.getRegistrations().then(function (all) {
      return Promise.all(all.map(function (one) { return one.unregister(); }));
    }) : null;
    return Promise.all([gone, shells, workers]).catch(function () { /* what is gone is gone */ });
  }

  window.wgWipe = function () {
    document.dispatchEvent(new Event('wg-leaving'));
    return wipe();
  };

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!('signOut' in form.dataset) || form.dataset.wiped || !window.indexedDB) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    count().then(function (unsent) {
      if (unsent && !window.confirm(form.dataset.unsent.replace('{n}', unsent))) return;
      document.dispatchEvent(new Event('wg-leaving'));
      wipe().then(function () { form.dataset.wiped = '1'; form.requestSubmit(); });
    });
  }, true);
})();
