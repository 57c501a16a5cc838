/* Runs before the first paint: restores the reader's type size and contrast. */
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');
  try {
    var mode = localStorage.getItem('wg-mode');
    if (mode !== null && /^(large|contrast|large contrast)?$/.test(mode)) root.dataset.mode = mode;
  } catch (error) { /* storage may be refused; the page then starts in the plain mode */ }
})();
