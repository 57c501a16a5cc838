"""Drawings and icons: each one named anywhere exists, and none carries text, style or script."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from portal.domain import catalogue, needs
from portal.web import navigation
from tests.unit.house import source

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "portal" / "static"
WISHES = sorted((STATIC / "img" / "wishes").glob("*.svg"))
DRAWINGS = sorted((STATIC / "img").rglob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
BYTES = 6_000
ICON = re.compile(r"""\bicon(?:_name)?\s*[(=]\s*'([a-z0-9-]+)'""")


def parsed(path):
    return ET.parse(path).getroot()  # noqa: S314 -- our own committed files


def sprite_ids():
    return {symbol.get("id") for symbol in parsed(STATIC / "vendor" / "lucide" / "sprite.svg")}


def test_every_kind_of_item_has_its_drawing():
    drawn = {path.stem for path in WISHES}
    asked = {item.illustration for item in catalogue.items() if item.illustration}
    assert len(asked) > 20
    assert asked - drawn == set()


def test_every_face_of_a_need_has_one_drawing_whatever_kind_stands_behind_it():
    drawn = {path.stem for path in WISHES}
    asked = {(kind.face, kind.illustration) for kind in needs.KINDS.values()}
    assert len(asked) == len(needs.FACES) == 5
    assert {picture for _, picture in asked} - drawn == set()


@pytest.mark.parametrize("path", WISHES, ids=lambda path: path.stem)
def test_wish_drawing_has_the_size_of_its_neighbours(path):
    assert parsed(path).get("viewBox") == "0 0 320 200"
    assert path.stat().st_size <= BYTES


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_drawing_is_shapes_only(path):
    elements = list(parsed(path).iter())
    tags = {element.tag.removeprefix(SVG) for element in elements}
    assert tags & {"text", "script", "style", "image", "foreignObject", "a", "use"} == set()
    named = {name for element in elements for name in element.attrib}
    assert {name for name in named if name == "style" or name.startswith("on")} == set()


@pytest.mark.parametrize("path", WISHES, ids=lambda path: path.stem)
def test_wish_drawing_glows(path):
    assert 'fill="url(#g)"' in path.read_text(encoding="utf-8")


def test_every_icon_of_a_template_is_in_the_sprite():
    named = {name for _, text in source.templates() for name in ICON.findall(text)}
    assert len(named) > 15
    assert named - sprite_ids() == set()


def test_every_icon_of_a_menu_is_in_the_sprite():
    entries = [entry for menu in navigation.MENUS.values() for entry in menu]
    assert {entry.icon for entry in entries} - sprite_ids() == set()


def test_the_sprite_is_what_the_lock_names():
    lock = tomllib.loads((ROOT / "scripts" / "vendor.lock").read_text(encoding="utf-8"))
    assert sprite_ids() == set(lock["lucide-static"]["icons"])
    notice = (STATIC / "vendor" / "NOTICE").read_text(encoding="utf-8")
    for name, entry in lock.items():
        assert f"{name} {entry['version']} ({entry['licence']})" in notice
        assert (STATIC / "vendor" / entry["folder"] / "LICENSE").stat().st_size > 0
