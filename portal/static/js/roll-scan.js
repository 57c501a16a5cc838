/* A badge before the camera: the browser's own reader where it has one, jsQR elsewhere. Used by the
   roll (a digest finds the child, also without a signal) and by the door tablet (the server does). */
(function () {
  'use strict';
  var box = document.querySelector('[data-scan]');
  if (!box) return;
  var video = box.querySelector('video');
  var stream = null;
  var last = { text: '', at: 0 };

  function load(src) {
    return new Promise(function (resolve, reject) {
      if (window.jsQR) { resolve(); return; }
      var script = document.createElement('script');
      script.src = src;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function reader() {
    if (window.BarcodeDetector && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
      var own = new BarcodeDetector({ formats: ['qr_code'] });
      return async function () { var found = await own.detect(video); return found.length ? found[0].rawValue : ''; };
    }
    await load(box.dataset.jsqr);
    var canvas = document.createElement('canvas');
    var pen = canvas.getContext('2d', { willReadFrequently: true });
    return async function () {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      if (!canvas.width) return '';
      pen.drawImage(video, 0, 0);
      var picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      var found = window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: 'dontInvert' });
      return found ? found.data : '';
    };
  }

  function tell(text, good) {
    var note = box.querySelector('[data-scan-note]');
    note.textContent = text;
    note.classList.toggle('is-good', good);
    if (good && navigator.vibrate) navigator.vibrate(60);
  }

  function stop() {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    box.classList.remove('is-on');
  }

  async function start() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 640 } }, audio: false });
      video.srcObject = stream;
      await video.play();
      var read = await reader();
      box.classList.add('is-on');
      look(read);
    } catch (error) {
      stop();
      tell(box.dataset.noCamera, false);
    }
  }

  async function look(read) {
    if (!stream) return;
    var text = await read().catch(function () { return ''; });
    // One badge held before the camera is one check-in.
    if (text && (text !== last.text || Date.now() - last.at > 4000)) {
      last = { text: text, at: Date.now() };
      document.dispatchEvent(new CustomEvent('wg-badge', { detail: text }));
    }
    setTimeout(function () { look(read); }, 180);
  }

  async function digest(text) {
    var code = text.trim().replace(/\/+$/, '').split('/').pop();
    var found = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code));
    return Array.from(new Uint8Array(found).slice(0, 8), function (one) { return one.toString(16).padStart(2, '0'); }).join('');
  }

  function isLate(sheet) {
    var parts = sheet.starts.split(':');
    var now = new Date();
    return sheet.today && now.getHours() * 60 + now.getMinutes() > Number(parts[0]) * 60 + Number(parts[1]) + Number(box.dataset.lateAfter);
  }

  async function checkIn(text) {
    var sheet = wgRoll.sheet();
    var key = await digest(text);
    var child = sheet.children.find(function (one) { return one.badge === key; });
    if (!child) { tell(box.dataset.unknown, false); return; }
    if (!sheet.open) return;
    var late = isLate(sheet);
    if (!child.said.length || child.state === 'absent' || child.split) {
      await wgRoll.change(child, { state: late ? 'late' : 'present', arrived: wgRolls.hour(), left: '', way: 'badge' });
    }
    tell((late ? box.dataset.late : box.dataset.here).replace('{name}', child.name), true);
  }

  box.querySelector('[data-scan-start]').addEventListener('click', function () { if (stream) stop(); else start(); });
  window.addEventListener('pagehide', stop);
  if (box.dataset.scan === 'roll') {
    document.addEventListener('wg-badge', function (event) { checkIn(event.detail); });
    box.querySelector('[data-scan-form]').addEventListener('submit', function (event) {
      event.preventDefault();
      var field = box.querySelector('[data-scan-form] input');
      if (field.value.trim()) checkIn(field.value);
      field.value = '';
    });
  } else {
    document.addEventListener('wg-badge', function (event) {
      var form = document.querySelector('[data-kiosk-form]');
      form.elements.code.value = event.detail;
      form.requestSubmit();
    });
    if (box.dataset.auto) start();
  }
})();
