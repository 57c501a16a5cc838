/* Keeps empty pages and the static files they need, so that the journal and the roll open without
   a signal. No other page is ever stored: what is personal comes from the network or not at all.
   Each part of the portal registers the worker for itself, and keeps its own page only. */
'use strict';
var WAIT = 6000;
var SHELLS = [
  { scope: '/me/pairings/', cache: 'wg-journal', page: '/journal/offline', fits: /^\/me\/pairings\/[0-9a-f-]{36}\/journal(\/new)?$/ },
  { scope: '/attendance', cache: 'wg-attendance', page: '/attendance/offline', fits: /^\/attendance(\/[0-9a-f-]{36})?$/ }
];
var OWN = SHELLS.find(function (one) { return new URL(self.registration.scope).pathname === one.scope; }) || SHELLS[0];

async function refresh() {
  var answer = await fetch(OWN.page, { credentials: 'omit', cache: 'no-cache' });
  if (!answer.ok) return;
  var text = await answer.clone().text();
  var files = Array.from(text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g), function (hit) { return hit[1]; });
  var cache = await caches.open(OWN.cache);
  await cache.addAll(Array.from(new Set(files)));
  await cache.put(OWN.page, answer);
}

// A network that does not answer is none: a mountain road has bars and no data.
async function soon(request) {
  var clock = new Promise(function (resolve, reject) { setTimeout(reject, WAIT, new Error('slow')); });
  return Promise.race([fetch(request), clock]);
}

async function page(request) {
  try {
    var answer = await soon(request);
    if (answer.status < 500) return answer;
  } catch (error) { /* no network: the empty page below */ }
  var cache = await caches.open(OWN.cache);
  return (await cache.match(OWN.page)) || fetch(request);
}

async function file(request) {
  try {
    return await soon(request);
  } catch (error) {
    var cache = await caches.open(OWN.cache);
    return (await cache.match(request, { ignoreSearch: true })) || Response.error();
  }
}

self.addEventListener('install', function (event) {
  event.waitUntil(refresh().then(function () { return self.skipWaiting(); }));
});
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener('message', function (event) {
  if (event.data === 'refresh') event.waitUntil(refresh().catch(function () { /* kept as it was */ }));
});
self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate' && OWN.fits.test(url.pathname)) event.respondWith(page(event.request));
  else if (url.pathname.startsWith('/static/')) event.respondWith(file(event.request));
});
