"""QR codes of tickets: black on white with a quiet zone, on any ground, so that every scanner reads them."""

import io

import segno

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""


def svg(code: str) -> bytes:
    """An image for itself, of any size."""
    image = io.BytesIO()
    _qr(code).save(
        image, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, title=code, svgclass=None,
        lineclass=None,
    )  # fmt: skip
    return image.getvalue()


def inline_svg(code: str) -> str:
    """An `svg` element for HTML, without inline styles."""
    return str(_qr(code).svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, lineclass=None))


def png(code: str) -> bytes:
    """A picture of some 200 bytes; messengers and mail programs do not take SVG."""
    image = io.BytesIO()
    _qr(code).save(image, kind="png", border=QUIET_ZONE, scale=10)
    return image.getvalue()


def _qr(code: str) -> segno.QRCode:
    """M: a seventh of it may be lost to a fold or a thumb."""
    return segno.make_qr(code, error="m")
