"""Takes the picture of the page `docs/training_report.md`.

pip install -e ".[browser]"                # and Chromium
python examples/training_report.py
python docs/screenshot.py samples/training_report/report.html docs/images/training_report.png
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZE = {"width": 1000, "height": 760}  # pixels
PLACES = "h1", "text=Curves", "text=Latent space"  # that are shown, one below the other


def main():
    """Three parts of the page, as a reader sees them."""
    from PIL import Image

    page_file, picture_file = map(Path, sys.argv[1:])
    parts = []
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("#curves .main-svg")
        for number, place in enumerate(PLACES):
            page.locator(place).first.evaluate("place => place.scrollIntoView()")
            parts.append(picture_file.with_suffix(f".{number}.png"))
            page.screenshot(path=parts[-1])
        browser.close()
    images = [Image.open(part).convert("RGB") for part in parts]
    whole = Image.new("RGB", (SIZE["width"], SIZE["height"] * len(images)))
    for number, image in enumerate(images):
        whole.paste(image, (0, SIZE["height"] * number))
    whole.save(picture_file, optimize=True)
    for part in parts:
        part.unlink()


if __name__ == "__main__":
    main()
