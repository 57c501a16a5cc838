/* The kept page stands for every address of the roll: one session, or the list of them. */
(function () {
  'use strict';
  var one = document.querySelector('[data-one]');
  var many = document.querySelector('[data-many]');
  var single = /^\/attendance\/[0-9a-f-]{36}$/.test(location.pathname);
  // Only one of the two is meant; the other leaves before its script looks for it.
  if (single) { many.remove(); return; }
  one.remove();
  many.hidden = false;
})();
