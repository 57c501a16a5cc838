"""What people upload, made harmless: pictures painted anew, PDF kept as a file and nothing else.

A picture is decoded by one of three decoders, turned upright, and pasted on a fresh canvas, so that
no EXIF, place, comment, profile or appended bytes survive (security.md 3, row 15). A PDF keeps its
bytes; it is refused when it could also be read as something else, and is never shown inline.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageFile, ImageOps

from portal.domain.errors import Invalid

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
#: Sharp enough to read a licence; a phone picture is three times that.
LONG_SIDE = 2600
LOGO_SIDE = 480
JPEG, PDF = "image/jpeg", "application/pdf"

_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_PDF_HEAD = b"%PDF-"
_PDF_END = b"%%EOF"
_TAIL = 1024
#: Marks of another kind of file inside a PDF: an archive's directory, a web page, a program.
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_REACH = 66_000
_FOREIGN_HEADS = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?php")
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class CleanFile:
    """Bytes that may be stored, and what they are."""

    mime: str
    data: bytes


def clean(data: bytes, field: str = "file") -> CleanFile:
    """Return the harmless form of an upload; the file's name and declared type play no part.

    Raises Invalid on ``field`` for what is too large, of another kind, or broken.
    """
    if not data:
        raise _refuse(field, "这个文件是空的")
    if len(data) > MAX_BYTES:
        raise _refuse(field, "文件不能超过 5 MB，请压缩或重新拍一张")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise _refuse(
            field,
            "这是手机的 HEIC 照片，暂时打不开；请截一张图，或把相机格式改为“兼容性最佳”后重拍",
        )
    if data.startswith(_PDF_HEAD):
        return _pdf(data, field)
    return CleanFile(JPEG, _painted(data, field))


def clean_logo(data: bytes, field: str = "file") -> CleanFile:
    """Return an authority's logo painted anew, small enough for the head of every page.

    Raises Invalid on ``field`` for what is no picture.
    """
    if len(data) <= MAX_BYTES and data.startswith(_PDF_HEAD):
        raise _refuse(field, "标志要用图片，请上传 JPG、PNG 或 WEBP")
    small = clean(data, field)
    return CleanFile(JPEG, _painted(small.data, field, LOGO_SIDE))


def _pdf(data: bytes, field: str) -> CleanFile:
    tail = data.rstrip(b"\r\n \t\0")
    if _PDF_END not in data[-_TAIL:] or not tail.endswith(_PDF_END):
        raise _refuse(field, "这个 PDF 不完整，或后面还接着别的内容，请重新导出一份")
    head = data[:_TAIL].lower()
    if _ARCHIVE_END in data[-_ARCHIVE_REACH:] or any(mark in head for mark in _FOREIGN_HEADS):
        raise _refuse(field, "这个文件同时像 PDF 又像别的文件，不能接收")
    if any(mark in data for mark in _ACTIVE):
        raise _refuse(field, "这个 PDF 里有脚本或附件，不能接收；请打印成普通 PDF 或拍照上传")
    return CleanFile(PDF, data)


def _painted(data: bytes, field: str, side: int = LONG_SIDE) -> bytes:
    # The library that prints PDFs lets half a picture pass for a whole one, for everybody in the
    # process, from the moment it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            source = Image.open(io.BytesIO(data), formats=_FORMATS)
        if source.width * source.height > MAX_PIXELS:
            raise _refuse(field, "图片的尺寸太大，请缩小到 4000 万像素以内")
        upright = ImageOps.exif_transpose(source)
        upright.thumbnail((side, side))
        return _encoded(_on_fresh_canvas(upright))
    except Image.DecompressionBombError as error:
        raise _refuse(field, "图片的尺寸太大，请缩小到 4000 万像素以内") from error
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, EOFError) as error:
        raise _refuse(field, "只接收 JPG、PNG、WEBP 图片或 PDF，这个文件打不开") from error


def _on_fresh_canvas(picture: Image.Image) -> Image.Image:
    """Copy the visible pixels alone, on white, in sRGB."""
    plain = _in_srgb(picture)
    canvas = Image.new("RGB", plain.size, "white")
    if plain.mode in ("RGBA", "LA", "PA") or "transparency" in plain.info:
        layer = plain.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
    else:
        canvas.paste(plain.convert("RGB"))
    return canvas


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Translate the colours of a profile; one that cannot be read is simply dropped."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "L", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(cast("bytes", profile)))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _encoded(canvas: Image.Image) -> bytes:
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: sentence})
