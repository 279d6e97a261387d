"""Tickets as a door sees them: QR codes as pictures and as what a camera films."""

import base64
from pathlib import Path
from typing import cast

from playwright.sync_api import Page

MODULE = 6
"""Pixels a module."""

DRAW = """
async ([text, module]) => {
  const { encodeQR } = await import("/vendor/qr/index.js");
  const rows = encodeQR(text, "raw", { border: 4 });
  const canvas = new OffscreenCanvas(rows.length * module, rows.length * module);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "black";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x * module, y * module, module, module)));
  const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  return [rows, btoa(String.fromCharCode(...bytes))];
}
"""


def picture(page: Page, text: str) -> bytes:
    """A PNG of the QR code."""
    _, encoded = page.evaluate(DRAW, [text, MODULE])
    return base64.b64decode(encoded)


def film(page: Page, text: str, path: Path, width: int = 640, height: int = 480) -> None:
    """A film of a QR code that is held still before a camera (Y4M), for Chromium's fake one."""
    rows = cast(list[list[bool]], page.evaluate(DRAW, [text, MODULE])[0])
    side = len(rows) * MODULE
    left, top = (width - side) // 2, (height - side) // 2
    luma = bytearray(b"\xb4" * (width * height))
    for y in range(side):
        line = bytes(16 if rows[y // MODULE][x // MODULE] else 235 for x in range(side))
        start = (top + y) * width + left
        luma[start : start + side] = line
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420mpeg2\n".encode() + frame * 10)
