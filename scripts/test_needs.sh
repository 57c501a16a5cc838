#!/usr/bin/env bash
# See that a browser, PostgreSQL, strace, Pango and a Chinese font are there for the tests (wrk for
# "bench"); install what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/system.sh
. scripts/system.sh

has_browser() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_strace() { command -v strace >/dev/null; }
has_pango() { compgen -G '/usr/lib/*/libpangoft2-1.0.so*' >/dev/null && compgen -G '/usr/lib/*/libharfbuzz-subset.so*' >/dev/null; }
has_chinese_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }

missing=()
has_browser || missing+=(chromium)
has_postgres || missing+=(postgresql)
has_strace || missing+=(strace)
has_pango || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
has_chinese_font || missing+=(fontconfig fonts-noto-cjk)
[ "${1:-}" = bench ] && ! command -v wrk >/dev/null && missing+=(wrk)
[ ${#missing[@]} -eq 0 ] && exit 0

install_packages "${missing[@]}" ||
    stop "The tests need these system packages, and this account may not install them: ${missing[*]}."
has_browser || stop "The browser tests need Chromium: install it, or set CHROMIUM to its path."
has_postgres || stop "The tests need a PostgreSQL server (15 or newer): install the package postgresql."
has_strace || stop "The durability tests need strace: install the package strace."
has_pango || stop "Printing certificates needs Pango: install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
has_chinese_font || stop "The browser tests need a Chinese font: install fonts-noto-cjk."
