/* A queue on this device, for places without a signal: finished forms, or small items that are sent
   together. Knows no page: a store has a name, an entry has the address it is sent to. What is written is sealed with a key that
   never leaves the browser (WebCrypto, not extractable); sent once, because each entry is named
   here (client_id). A failed fetch says that there is no network; navigator.onLine does not. */
(function () {
  'use strict';
  var DB = 'wg-outbox';
  var usable = Boolean(window.indexedDB && window.idb && window.crypto && crypto.subtle);

  function open() {
    return idb.openDB(DB, 1, {
      upgrade: function (db) {
        db.createObjectStore('keys');
        db.createObjectStore('entries', { keyPath: 'id' });
        db.createObjectStore('drafts', { keyPath: 'id' });
      },
      // Signing out in another tab takes everything away: do not hold it.
      blocking: function (now, next, event) { event.target.close(); }
    });
  }

  // Two pages may open at once: whichever key is stored first is everybody's.
  async function keyOf(db) {
    var found = await db.get('keys', 'seal');
    if (found) return found;
    var made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    var change = db.transaction('keys', 'readwrite');
    found = await change.store.get('seal');
    if (!found) await change.store.put(made, 'seal');
    await change.done;
    return found || made;
  }

  async function seal(key, value) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    var data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: iv }, key, new TextEncoder().encode(JSON.stringify(value)));
    return { iv: iv, data: data };
  }

  async function unseal(key, sealed) {
    var plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  function read(file) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onload = function () { resolve({ name: file.name, type: file.type, data: reader.result.split(',')[1] }); };
      reader.onerror = reject;
      reader.readAsDataURL(file);
    });
  }

  // A form as pairs of names and values; a file becomes its bytes. The token stays out: it ages.
  async function pack(form) {
    var pairs = [];
    for (var pair of new FormData(form)) {
      if (pair[0] === 'csrf_token') continue;
      if (!(pair[1] instanceof File)) pairs.push(pair);
      else if (pair[1].size) pairs.push([pair[0], await read(pair[1])]);
    }
    return pairs;
  }

  function unpack(pairs) {
    var body = new FormData();
    pairs.forEach(function (pair) {
      if (typeof pair[1] === 'string') { body.append(pair[0], pair[1]); return; }
      var bytes = Uint8Array.from(atob(pair[1].data), function (sign) { return sign.charCodeAt(0); });
      body.append(pair[0], new Blob([bytes], { type: pair[1].type }), pair[1].name);
    });
    return body;
  }

  function get(url) {
    return fetch(url, { credentials: 'same-origin', redirect: 'manual', cache: 'no-store', headers: { Accept: 'application/json' } });
  }

  // What the server said: sent, known (had arrived before), refused (must be changed), later, or out.
  async function post(entry, token) {
    var answer = await fetch(entry.address, {
      method: 'POST', body: unpack(entry.pairs), credentials: 'same-origin', redirect: 'manual',
      headers: { Accept: 'application/json', 'X-CSRFToken': token }
    });
    if (answer.ok) return { state: answer.status === 201 ? 'sent' : 'known' };
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { state: 'out' };
    if (![403, 404, 409, 413, 422].includes(answer.status)) return { state: 'later' };
    var said = await answer.json().catch(function () { return {}; });
    return { state: 'refused', message: said.error || '' };
  }

  // Many items of one address in one message; the answer names those it refused, and why.
  async function postItems(address, items, device, token) {
    var answer = await fetch(address, {
      method: 'POST', credentials: 'same-origin', redirect: 'manual',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body: JSON.stringify({ now: new Date().toISOString(), device: device, items: items })
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { stopped: 'out' };
    if (!answer.ok && ![403, 404, 409, 413, 422].includes(answer.status)) return { stopped: 'later' };
    var said = await answer.json().catch(function () { return {}; });
    if (answer.ok) return { refused: said.refused || {} };
    return { refused: Object.fromEntries(items.map(function (item) { return [item.id, said.error || ' ']; })) };
  }

  // Written to the disk, not only to the browser's memory, before anybody is told.
  async function write(db, store, value) {
    var change = db.transaction(store, 'readwrite', { durability: 'strict' });
    change.store.put(value);
    await change.done;
  }

  function Outbox(db, key, store, owner, device) { this.db = db; this.key = key; this.store = store; this.owner = owner; this.device = device; }

  Outbox.prototype.list = async function () {
    var mine = [];
    for (var row of await this.db.getAll('entries')) {
      if (row.store === this.store && row.owner === this.owner) mine.push(Object.assign(row, await unseal(this.key, row.sealed)));
    }
    return mine.sort(function (one, other) { return one.at - other.at; });
  };

  Outbox.prototype.put = async function (entry) {
    var sealed = await seal(this.key, { pairs: entry.pairs, item: entry.item, message: entry.message || '', edited: Boolean(entry.edited) });
    await write(this.db, 'entries', {
      id: entry.id, store: this.store, owner: this.owner, address: entry.address, at: entry.at || Date.now(),
      state: entry.state || 'waiting', sealed: sealed
    });
  };

  Outbox.prototype.remove = function (id) { return this.db.delete('entries', id); };

  Outbox.prototype.keepDraft = async function (id, pairs) {
    await this.db.put('drafts', { id: this.store + id, owner: this.owner, sealed: await seal(this.key, pairs) });
  };

  Outbox.prototype.draft = async function (id) {
    var row = await this.db.get('drafts', this.store + id);
    return row && row.owner === this.owner ? unseal(this.key, row.sealed) : null;
  };

  // Ids of what this store keeps besides entries.
  Outbox.prototype.draftIds = async function () {
    var store = this.store;
    var keys = await this.db.getAllKeys('drafts');
    return keys.filter(function (id) { return id.startsWith(store); }).map(function (id) { return id.slice(store.length); });
  };

  Outbox.prototype.dropDraft = function (id) { return this.db.delete('drafts', this.store + id); };

  // Sends what waits, oldest first; returns how many arrived, and why it stopped, if it did.
  Outbox.prototype.flush = async function (tokenAt, changedLate) {
    var self = this;
    var waiting = (await self.list()).filter(function (entry) { return entry.state === 'waiting'; });
    if (!waiting.length) return { sent: 0, stopped: '' };
    var sent = 0;
    try {
      var door = await get(tokenAt);
      if (!door.ok) return { sent: 0, stopped: door.status >= 500 ? 'later' : 'out' };
      var pass = await door.json();
      if (pass.owner !== self.owner) return { sent: 0, stopped: 'out' };
      for (var entry of waiting) {
        var said = await post(entry, pass.token);
        if (said.state === 'out' || said.state === 'later') return { sent: sent, stopped: said.state };
        if (said.state === 'refused') await self.put(Object.assign(entry, said));
        else if (said.state === 'known' && entry.edited) await self.put(Object.assign(entry, { state: 'refused', message: changedLate }));
        else { await self.remove(entry.id); sent += 1; }
      }
    } catch (error) {
      return { sent: sent, stopped: 'offline' };
    }
    return { sent: sent, stopped: '' };
  };

  // Sends waiting items by address, many at once; returns how many arrived, and why it stopped.
  Outbox.prototype.sendTogether = async function (tokenAt) {
    var waiting = (await this.list()).filter(function (entry) { return entry.state === 'waiting'; });
    var sent = 0;
    if (!waiting.length) return { sent: sent, stopped: '' };
    try {
      var door = await get(tokenAt);
      if (!door.ok) return { sent: sent, stopped: door.status >= 500 ? 'later' : 'out' };
      var pass = await door.json();
      if (pass.owner !== this.owner) return { sent: sent, stopped: 'out' };
      while (waiting.length) {
        var address = waiting[0].address;
        var some = waiting.filter(function (entry) { return entry.address === address; }).slice(0, 200);
        waiting = waiting.filter(function (entry) { return !some.includes(entry); });
        var said = await postItems(address, some.map(function (entry) { return entry.item; }), this.device, pass.token);
        if (said.stopped) return { sent: sent, stopped: said.stopped };
        for (var entry of some) {
          if (said.refused[entry.id]) await this.put(Object.assign(entry, { state: 'refused', message: said.refused[entry.id] }));
          else { await this.remove(entry.id); sent += 1; }
        }
      }
    } catch (error) {
      return { sent: sent, stopped: 'offline' };
    }
    return { sent: sent, stopped: '' };
  };

  // The last person who was signed in here: an offline page has no other way to know.
  async function opened(store, owner) {
    var db = await open();
    document.addEventListener('wg-leaving', function () { db.close(); });
    if (owner) await db.put('keys', owner, 'owner');
    else owner = (await db.get('keys', 'owner')) || '';
    var device = await db.get('keys', 'device');
    if (!device) { device = crypto.randomUUID(); await db.put('keys', device, 'device'); }
    return new Outbox(db, await keyOf(db), store, owner, device);
  }

  window.wgOutbox = { usable: usable, open: opened, pack: pack, get: get };
})();
