/* The tree of units: branches are fetched when opened; arrow keys walk it (WAI-ARIA tree). */
(function () {
  'use strict';
  var tree = document.querySelector('[data-tree]');
  if (!tree) return;

  function items() {
    return Array.from(tree.querySelectorAll('[role=treeitem]')).filter(function (item) {
      return !item.parentElement.closest('[role=group][hidden]');
    });
  }

  function focus(item) {
    if (!item) return;
    tree.querySelectorAll('[role=treeitem][tabindex="0"]').forEach(function (other) { other.tabIndex = -1; });
    item.tabIndex = 0;
    item.focus();
  }

  function groupOf(item) { return item.querySelector(':scope > [role=group]'); }

  function load(item) {
    item.setAttribute('aria-busy', 'true');
    return fetch(item.dataset.branch, { headers: { Accept: 'text/html' } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error('branch');
        return answer.text();
      })
      .then(function (html) {
        var group = document.createElement('ul');
        group.setAttribute('role', 'group');
        var parsed = new DOMParser().parseFromString('<ul>' + html + '</ul>', 'text/html').body.firstChild;
        group.append.apply(group, Array.from(parsed.children));
        item.append(group);
      })
      .catch(function () {
        var note = item.querySelector(':scope > .tree-failed') || document.createElement('p');
        note.className = 'tree-failed fine';
        note.setAttribute('role', 'status');
        note.textContent = tree.dataset.failed;
        item.append(note);
        item.setAttribute('aria-expanded', 'false');
      })
      .finally(function () { item.removeAttribute('aria-busy'); });
  }

  function open(item) {
    if (item.getAttribute('aria-expanded') !== 'false') return Promise.resolve();
    item.setAttribute('aria-expanded', 'true');
    var failed = item.querySelector(':scope > .tree-failed');
    if (failed) failed.remove();
    if (groupOf(item)) { groupOf(item).hidden = false; return Promise.resolve(); }
    return load(item);
  }

  function close(item) {
    item.setAttribute('aria-expanded', 'false');
    if (groupOf(item)) groupOf(item).hidden = true;
  }

  function step(item, by) {
    var all = items();
    focus(all[all.indexOf(item) + by]);
  }

  var keys = {
    ArrowDown: function (item) { step(item, 1); },
    ArrowUp: function (item) { step(item, -1); },
    Home: function () { focus(items()[0]); },
    End: function () { var all = items(); focus(all[all.length - 1]); },
    ArrowRight: function (item) {
      if (item.getAttribute('aria-expanded') === 'true') focus(groupOf(item).querySelector('[role=treeitem]'));
      else if (item.hasAttribute('aria-expanded')) open(item);
    },
    ArrowLeft: function (item) {
      if (item.getAttribute('aria-expanded') === 'true') close(item);
      else focus(item.parentElement.closest('[role=treeitem]'));
    },
    Enter: function (item) { item.querySelector('a').click(); }
  };

  tree.addEventListener('keydown', function (event) {
    var item = event.target.closest('[role=treeitem]');
    if (!item || !keys[event.key] || event.target.matches('a')) return;
    event.preventDefault();
    keys[event.key](item);
  });
  tree.addEventListener('click', function (event) {
    var item = event.target.closest('[role=treeitem]');
    if (!item || event.target.closest('a') || !event.target.closest('.tree-line')) return;
    if (item.getAttribute('aria-expanded') === 'true') close(item);
    else if (item.hasAttribute('aria-expanded')) open(item);
    focus(item);
  });

  var first = tree.querySelector('[role=treeitem]');
  if (!first) return;
  first.tabIndex = 0;
  if (tree.querySelectorAll(':scope > [role=treeitem]').length === 1) open(first);
})();
