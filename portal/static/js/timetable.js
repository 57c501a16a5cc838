/* The timetable's board: drag a line to another day, or move it with Alt and the arrow keys. The
   page is asked to do it by the same form as its buttons; the line keeps the focus afterwards. */
(function () {
  'use strict';
  var board = document.querySelector('[data-board]');
  if (!board) return;
  var KEPT = 'wg-line';
  var dragged = null;

  function post(act, line) {
    var form = document.createElement('form');
    form.method = 'post';
    form.action = board.dataset.board;
    var token = board.querySelector('[name="csrf_token"]');
    [['csrf_token', token ? token.value : ''], ['do', act]].forEach(function (pair) {
      var field = document.createElement('input');
      field.type = 'hidden';
      field.name = pair[0];
      field.value = pair[1];
      form.append(field);
    });
    try { sessionStorage.setItem(KEPT, line); } catch (error) { /* the focus starts at the top */ }
    document.body.append(form);
    form.submit();
  }

  function dayOf(element) { return element.closest('[data-day]'); }

  function beside(card, step) {
    var cards = Array.from(board.querySelectorAll('[data-day]'));
    return cards[cards.indexOf(card) + step];
  }

  board.addEventListener('keydown', function (event) {
    var line = event.target.closest('[data-line]');
    if (!line || line !== event.target || !event.altKey || !line.draggable) return;
    var steps = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: -1, ArrowRight: 1 };
    var step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    var card = dayOf(line);
    if (typeof step === 'string') { post(step + ':' + line.dataset.line, line.dataset.line); return; }
    var other = beside(card, step);
    if (other) post('to:' + line.dataset.line + ':' + other.dataset.day, line.dataset.line);
  });

  board.addEventListener('dragstart', function (event) {
    dragged = event.target.closest('[data-line]');
    if (!dragged) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', dragged.dataset.line);
    dragged.classList.add('is-dragged');
  });
  board.addEventListener('dragend', function () {
    if (dragged) dragged.classList.remove('is-dragged');
    board.querySelectorAll('.drop-here').forEach(function (card) { card.classList.remove('drop-here'); });
    dragged = null;
  });
  board.addEventListener('dragover', function (event) {
    var card = dayOf(event.target);
    if (!dragged || !card) return;
    event.preventDefault();
    board.querySelectorAll('.drop-here').forEach(function (other) { if (other !== card) other.classList.remove('drop-here'); });
    card.classList.add('drop-here');
  });
  board.addEventListener('drop', function (event) {
    var card = dayOf(event.target);
    if (!dragged || !card) return;
    event.preventDefault();
    if (card !== dayOf(dragged)) post('to:' + dragged.dataset.line + ':' + card.dataset.day, dragged.dataset.line);
  });

  try {
    var kept = document.getElementById('line-' + sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    if (kept) kept.focus({ preventScroll: false });
  } catch (error) { /* no storage: nothing to bring back */ }
})();
