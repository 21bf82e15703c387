"""Takes the picture of the page `docs/training_report.md`.

pip install -e ".[browser]"                # and Chromium
python examples/training_report.py
python docs/screenshot.py samples/training_report/report.html docs/images/training_report.png
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZE = {"width": 1000, "height": 1560}  # pixels: grids, map, and the first curves


def main():
    """The upper part of the page, at two thirds of its size."""
    from PIL import Image

    page_file, picture_file = map(Path, sys.argv[1:])
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("#curves .main-svg")
        page.screenshot(path=picture_file)
        browser.close()
    with Image.open(picture_file) as picture:
        small = picture.convert("RGB").resize([side * 2 // 3 for side in picture.size])
    small.quantize(256, dither=0).save(picture_file, optimize=True)


if __name__ == "__main__":
    main()
