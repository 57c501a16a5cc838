"""Uploads made harmless: what a picture carries beside its pixels is gone, odd files are refused."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from portal.documents import uploads
from portal.domain.errors import Invalid

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SECRET = "明溪县雪峰镇".encode()


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(size=(60, 40)):
    """Return a picture whose left half is red and right half blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture


def telling(orientation=1):
    """Return a phone's picture: GPS, camera, comment, profile, and bytes after its end."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken at home"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (26.0, 21.0, 30.0)
    place[3], place[4] = "E", (117.0, 12.0, 6.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(photo(), "JPEG", exif=exif, comment=SECRET, icc_profile=profile, quality=95)
    return data + b"APPENDED" + SECRET


def refusal(data):
    with pytest.raises(Invalid) as caught:
        uploads.clean(data, "licence")
    assert set(caught.value.fields) == {"licence"}
    return str(caught.value)


def test_the_sample_tells_what_it_should():
    raw = Image.open(io.BytesIO(telling()))
    assert raw.getexif().get_ifd(0x8825)[2] == (26.0, 21.0, 30.0)
    assert raw.info["comment"] == SECRET
    assert "icc_profile" in raw.info


def test_nothing_beside_the_pixels_survives():
    clean = uploads.clean(telling())
    assert clean.mime == "image/jpeg"
    again = Image.open(io.BytesIO(clean.data))
    assert (again.format, again.size, again.mode) == ("JPEG", (60, 40), "RGB")
    assert dict(again.getexif()) == {}
    assert {"exif", "comment", "icc_profile", "xmp"} & set(again.info) == set()
    for trace in (SECRET, b"Exif", b"APPENDED", b"taken at home", b"ICC_PROFILE", b"GPS"):
        assert trace not in clean.data
    # Only the segments a picture needs: no APP1 (EXIF, XMP), APP2 (profile), COM.
    assert {0xE1, 0xE2, 0xED, 0xFE} & segments(clean.data) == set()


def segments(jpeg):
    found, at = set(), 2
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


def test_a_picture_is_turned_upright_before_its_note_is_lost():
    # Orientation 6: the camera was turned, left of the stored picture is up.
    upright = Image.open(io.BytesIO(uploads.clean(telling(orientation=6)).data))
    assert upright.size == (40, 60)
    top, bottom = upright.getpixel((20, 5)), upright.getpixel((20, 55))
    assert (top[0] > 200, top[2] < 60) == (True, True)
    assert (bottom[2] > 200, bottom[0] < 60) == (True, True)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_come_out_as_jpeg(kind):
    assert Image.open(io.BytesIO(uploads.clean(saved(photo(), kind)).data)).format == "JPEG"


def test_text_chunks_of_a_png_are_gone():
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "雪峰镇")
    note.add_itxt("XML:com.adobe.xmp", "<x>雪峰镇</x>")
    clean = uploads.clean(saved(photo(), "PNG", pnginfo=note))
    assert "雪峰镇".encode() not in clean.data


def test_what_is_transparent_becomes_white():
    glass = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    clean = Image.open(io.BytesIO(uploads.clean(saved(glass, "PNG")).data))
    assert min(clean.getpixel((10, 10))) > 250


@pytest.mark.parametrize("mode", ["P", "L", "1", "CMYK", "LA", "I;16"])
def test_every_way_of_keeping_pixels_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    plain = Image.new("L", (20, 20), 128)
    picture = Image.new("I;16", (20, 20), 30000) if mode == "I;16" else plain.convert(mode)
    assert uploads.clean(saved(picture, kind)).mime == "image/jpeg"


def test_a_large_picture_becomes_smaller():
    clean = uploads.clean(saved(Image.new("RGB", (6000, 4000), "white"), "JPEG"))
    assert Image.open(io.BytesIO(clean.data)).size == (2600, 1733)


def test_a_pixel_bomb_is_refused_by_its_head_alone():
    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 1, 0, 0, 0, 0))
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    assert "尺寸太大" in refusal(bomb)


def test_just_over_forty_million_pixels_is_refused():
    assert "尺寸太大" in refusal(saved(Image.new("1", (6330, 6330)), "PNG"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"hello", "打不开"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"GIF89a" + b"\0" * 40, "打不开"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "打不开"),
        (b"BM" + b"\0" * 60, "打不开"),
        (b"MZ" + b"\0" * 60, "打不开"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data, sentence):
    assert sentence in refusal(data)


def test_a_gif_is_not_on_the_list_even_when_it_is_sound():
    assert "打不开" in refusal(saved(photo(), "GIF"))


@pytest.mark.parametrize("lenient", [False, True])
def test_a_broken_picture_is_refused(monkeypatch, lenient):
    """Also after a library of this process asked Pillow to let broken pictures pass."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    whole = saved(photo((400, 400)), "JPEG")
    assert "打不开" in refusal(whole[: len(whole) // 2])


def test_a_plain_pdf_is_kept_byte_for_byte():
    assert uploads.clean(PDF) == uploads.CleanFile("application/pdf", PDF)


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "a")
    return out.getvalue()


def commented_archive():
    data = bytearray(archive())
    data[-2:] = struct.pack("<H", 6)
    return bytes(data) + b"\n%%EOF"


@pytest.mark.parametrize(
    "data",
    [
        PDF + archive(),
        PDF + commented_archive(),
        PDF + b"<script>alert(1)</script>",
        b"%PDF-1.4\n<html><script>alert(1)</script>" + PDF,
        b"%PDF-1.4\n<SVG onload=alert(1)>" + PDF,
        PDF[:-7],
        PDF.replace(b"<<>>", b"<</S/JavaScript/JS(app.alert(1))>>"),
        PDF.replace(b"<<>>", b"<</Type/EmbeddedFile>>"),
        PDF.replace(b"<<>>", b"<</S/Launch>>"),
        b"\n" + PDF,
    ],
)
def test_a_pdf_that_is_also_something_else_is_refused(data):
    refusal(data)


def test_a_picture_that_is_also_an_archive_comes_out_as_a_picture_only():
    clean = uploads.clean(saved(photo(), "JPEG") + archive())
    assert not zipfile.is_zipfile(io.BytesIO(clean.data))
    page = saved(photo(), "JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script" not in uploads.clean(page).data
