"""The stylesheet of the colours behind pictures. `python -m tests.pictures.colour_css` writes it anew."""

from articles.pictures.renditions import COLOURS
from newsroom.settings import BASE_DIR

PATH = BASE_DIR / "static" / "css" / "picture-colours.css"
HEAD = (
    "/* What stands where a picture will be: `pictures.renditions.COLOURS`, written by tests/pictures/colour_css.py. */"
)


def stylesheet() -> str:
    rules = (f"  .colour-{index} {{\n    background: {colour};\n  }}\n" for index, colour in enumerate(COLOURS))
    return f"{HEAD}\n@layer parts {{\n{''.join(rules)}}}\n"


if __name__ == "__main__":
    PATH.write_text(stylesheet())
