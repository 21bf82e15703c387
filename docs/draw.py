"""Draws the site's own pictures into docs/images: floors.svg, step.svg and social_card.png.

python docs/draw.py   # needs matplotlib and Pillow, which the library needs, too
"""

import itertools
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
NETWORK, DATA, LOSS = "#c5cae9", "#eceff1", "#ffe0b2"  # fills of boxes
WIDTH = 640  # of the drawings, in pixels


def svg(height, parts):
    """A drawing as text, on a light card that is readable in dark pages, too."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            ' font-family="sans-serif" font-size="15" text-anchor="middle">',
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
            ' markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/>'
            "</marker></defs>",
            f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def box(x, y, width, text, fill, height=44):
    """A labeled box; `text` has one line or two."""
    lines = text.split("\n")
    first = y + height / 2 + 5 - 9 * (len(lines) - 1)
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height}" rx="6" fill="{fill}"'
        ' stroke="#3f51b5"/>'
        + "".join(
            f'<text x="{x + width / 2:g}" y="{first + 18 * row:g}" fill="#1a237e">{line}</text>'
            for row, line in enumerate(lines)
        )
    )


def arrow(path, gradient=False):
    """An arrow along an SVG path; gradients are dashed."""
    style = 'stroke="#c62828" stroke-dasharray="5 4"' if gradient else 'stroke="#455a64"'
    return f'<path d="{path}" fill="none" {style} stroke-width="1.8" marker-end="url(#tip)"/>'


def chain(y, *boxes):
    """Boxes in a row, each `(x, width, text, fill)`, with an arrow from each to the next."""
    parts = []
    for (x, width, text, fill), following in itertools.zip_longest(boxes, boxes[1:]):
        parts.append(box(x, y, width, text, fill))
        if following:
            parts.append(arrow(f"M{x + width} {y + 22}H{following[0] - 2}"))
    return parts


def title(y, text):
    """A heading at the left."""
    return (
        f'<text x="16" y="{y}" text-anchor="start" font-weight="bold" fill="#1a237e">{text}</text>'
    )


def note(x, y, text, color="#455a64"):
    """A remark in small letters."""
    return f'<text x="{x}" y="{y}" font-size="13" fill="{color}">{text}</text>'


def floors():
    """The packages, a row for each layer of the import-linter contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(part["layers"] for part in contracts["contracts"] if part["type"] == "layers")
    parts = []
    for row, layer in enumerate(layers):
        names = [name.strip().removeprefix("keras_gans.") for name in layer.split("|")]
        width = (WIDTH - 10) / len(names) - 10
        size = ' font-size="12"' if len(names) > 4 else ""
        cells = (
            box(10 + column * (width + 10), 10 + row * 54, width, name, NETWORK)
            for column, name in enumerate(names)
        )
        parts.append(f"<g{size}>{''.join(cells)}</g>")
    return svg(10 + 54 * len(layers), parts)


def step():
    """One step of training in four parts."""
    red = "#c62828"
    return svg(
        652,
        [
            title(30, "1. One pass of the generator, recorded for its own turn"),
            *chain(
                46,
                (16, 150, "latents, labels", DATA),
                (240, 150, "generator", NETWORK),
                (464, 160, "generated images", DATA),
            ),
            title(136, "2. The discriminator's turn"),
            box(16, 152, 150, "real images", DATA),
            box(16, 208, 150, "generated images", DATA),
            arrow("M166 174H238"),
            arrow("M166 230H238"),
            box(240, 152, 150, "discriminator", NETWORK, 100),
            arrow("M390 202H462"),
            box(464, 152, 160, "loss + penalties\n+ auxiliary losses", LOSS, 100),
            arrow("M544 252V276H315V254", gradient=True),
            note(430, 294, "gradient: update of the discriminator", red),
            title(334, "3. The generator's turn"),
            *chain(
                350,
                (16, 130, "generator", NETWORK),
                (172, 138, "the same\ngenerated images", DATA),
                (336, 138, "the updated\ndiscriminator", NETWORK),
                (500, 124, "loss +\nauxiliary losses", LOSS),
            ),
            arrow("M562 394V424H81V396", gradient=True),
            note(320, 442, "gradient through the discriminator: update of the generator only", red),
            title(482, "4. The averaged generator follows"),
            *chain(
                498,
                (16, 150, "generator", NETWORK),
                (240, 150, "averaged\ngenerator", NETWORK),
                (464, 160, "generate, metrics,\nmonitors, export", DATA),
            ),
            note(200, 566, "weights: an average over 5% of the images seen"),
            note(200, 586, "BatchNorm statistics: copied"),
            arrow("M32 624H76"),
            note(126, 629, "values"),
            arrow("M232 624H276", gradient=True),
            note(330, 629, "gradients"),
        ],
    )


def social_card():
    """The picture that other sites show next to a link: 1200x630 pixels."""
    from matplotlib import font_manager
    from PIL import Image, ImageDraw, ImageFont

    card = Image.new("RGB", (1200, 630), "#3f51b5")
    draw = ImageDraw.Draw(card)
    for text, y, size, weight in (
        ("keras_gans", 50, 88, "bold"),
        ("Train a GAN with fit.", 170, 44, "normal"),
    ):
        path = font_manager.findfont(f"DejaVu Sans:weight={weight}")
        draw.text((60, y), text, "white", ImageFont.truetype(path, size))
    names = {
        "mnist_self_conditioned": 0,
        "cartoon_faces": 0,
        "mechanical_designs_conditional": 26,
    }  # of title, in pixels
    for column, (name, title_height) in enumerate(names.items()):
        with Image.open(IMAGES / f"{name}.png") as picture:
            side = picture.height - title_height
            square = 0, title_height, side, picture.height
            shown = picture.convert("RGB").crop(square).resize((340, 340))
        card.paste(shown, (60 + 370 * column, 260))
    return card.quantize(128, dither=0)


def main():
    """Writes all three."""
    (IMAGES / "floors.svg").write_text(floors())
    (IMAGES / "step.svg").write_text(step())
    social_card().save(IMAGES / "social_card.png", optimize=True)


if __name__ == "__main__":
    main()
