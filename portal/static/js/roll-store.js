/* What a telephone keeps of a roll: the sheets of today and tomorrow, and what was not sent yet,
   both sealed (outbox.js). A mark names the state it aims at and the marks it overrules, so that
   the order of arrival says nothing (domain/attendance.py). */
(function () {
  'use strict';
  var SHEET = ':sheet:';
  var TOKEN = '/attendance/token';

  function marksAt(sheetId) { return '/attendance/' + sheetId + '/marks'; }

  // The sheet with what waits on this telephone laid over it.
  function laid(sheet, entries) {
    var copy = JSON.parse(JSON.stringify(sheet));
    var byId = {};
    copy.children.forEach(function (child) { byId[child.id] = child; child.unsent = 0; child.problem = ''; });
    copy.unsent = 0;
    entries.forEach(function (entry) {
      var item = entry.item;
      var child = byId[item.child];
      copy.unsent += 1;
      if (item.kind === 'take') { copy.status = 'taken'; copy.heads = item.heads; copy.takeUnsent = entry.state; copy.takeProblem = entry.message; return; }
      if (!child) return;
      child.unsent += 1;
      if (entry.state === 'refused') { child.problem = entry.message; return; }
      if (item.kind === 'mark') overlay(child, item);
      else if (item.kind === 'go') child.gone = item.hour;
      else child.blocked = item.words;
    });
    return copy;
  }

  function overlay(child, item) {
    child.said = child.said.filter(function (one) { return !item.seen.includes(one.id); });
    child.said.push({ id: item.id, state: item.state, at: item.hour, by: '', why: item.why });
    var states = child.said.map(function (one) { return one.state; });
    child.split = new Set(states).size > 1;
    child.state = ['absent', 'leave', 'late', 'present'].find(function (state) { return states.includes(state); });
    child.arrived = item.arrived || '';
    child.left = item.left || '';
  }

  function hour(at) { return (at || new Date()).toTimeString().slice(0, 5); }

  function Rolls(outbox) { this.outbox = outbox; }

  Rolls.prototype.sheet = function (id) { return this.outbox.draft(SHEET + id); };
  Rolls.prototype.keep = function (sheet) { return this.outbox.keepDraft(SHEET + sheet.id, sheet); };

  Rolls.prototype.sheets = async function () {
    var found = [];
    for (var id of await this.outbox.draftIds()) {
      var sheet = id.startsWith(SHEET) ? await this.outbox.draft(id) : null;
      if (sheet) found.push(sheet);
    }
    return found.sort(function (one, other) { return (one.day + one.starts).localeCompare(other.day + other.starts); });
  };

  // Keeps what the server says may be kept, and drops every other sheet.
  Rolls.prototype.renew = async function () {
    var answer = await wgOutbox.get('/attendance/kept.json');
    var kept = answer.ok ? (await answer.json()).sheets : answer.status === 403 ? [] : null;
    if (!kept) return;
    for (var sheet of kept) await this.keep(sheet);
    await this.dropBut(kept.map(function (one) { return one.id; }));
  };

  Rolls.prototype.dropBut = async function (ids) {
    for (var sheet of await this.sheets()) if (!ids.includes(sheet.id)) await this.outbox.dropDraft(SHEET + sheet.id);
  };

  // Yesterday's names have no business here, with or without a signal.
  Rolls.prototype.dropOld = async function () {
    var today = new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10);
    for (var sheet of await this.sheets()) if (sheet.day < today) await this.outbox.dropDraft(SHEET + sheet.id);
  };

  Rolls.prototype.waiting = async function (sheetId) {
    var address = marksAt(sheetId);
    return (await this.outbox.list()).filter(function (entry) { return entry.address === address; });
  };

  Rolls.prototype.add = async function (sheetId, item) {
    var whole = Object.assign({ id: crypto.randomUUID(), at: new Date().toISOString(), hour: hour() }, item);
    await this.outbox.put({ id: whole.id, address: marksAt(sheetId), item: whole, at: Date.now() });
    return whole;
  };

  Rolls.prototype.again = async function (sheetId) {
    for (var entry of await this.waiting(sheetId)) {
      if (entry.state === 'refused') await this.outbox.put(Object.assign(entry, { state: 'waiting', message: '' }));
    }
  };

  Rolls.prototype.forget = async function (sheetId, child) {
    for (var entry of await this.waiting(sheetId)) {
      if (entry.state === 'refused' && entry.item.child === child) await this.outbox.remove(entry.id);
    }
  };

  // Ended from afar: nothing of it stays. Only signed out: it stays sealed for its owner.
  async function standing() {
    var answer = await wgOutbox.get('/attendance/standing');
    return answer.ok ? (await answer.json()).state : 'later';
  }

  Rolls.prototype.send = async function () {
    var done = await this.outbox.sendTogether(TOKEN);
    if (done.stopped === 'out' && await standing() === 'gone') { await window.wgWipe(); done.stopped = 'gone'; }
    return done;
  };

  async function open(owner) {
    var rolls = new Rolls(await wgOutbox.open('attendance', owner));
    await rolls.dropOld();
    return rolls;
  }

  async function keepWorker(owner) {
    if (!('serviceWorker' in navigator)) return false;
    var found = await navigator.serviceWorker.register('/sw.js', { scope: '/attendance' });
    var ready = found.active || await navigator.serviceWorker.ready.then(function (one) { return one.active; });
    if (owner) ready.postMessage('refresh');
    return true;
  }

  window.wgRolls = { open: open, laid: laid, hour: hour, standing: standing, keepWorker: keepWorker };
})();
