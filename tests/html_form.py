"""Read the fields of a page's forms as a browser would send them."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Successful controls of the one form that has a version field or of the whole page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.data: dict[str, str] = {}
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name = at.get("name")
        if tag == "textarea" and name:
            self.area = name
            self.data[name] = ""
        elif tag == "select" and name:
            self.select = name
            self.data.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in at:
            self.data[self.select] = at.get("value") or ""
        elif tag == "input" and name and at.get("type") not in ("submit", "button", "image"):
            if at.get("type") in ("checkbox", "radio") and "checked" not in at:
                return
            self.data[name] = at.get("value") or ("on" if at.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            # The first line break after the tag is not part of the text; browsers send CR LF.
            self.data[self.area] = self.data[self.area].removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] += data


def fields_of(page: str) -> dict[str, str]:
    """Return names and values of all fields of a page, without those of rows that scripts copy."""
    parser = Fields()
    parser.feed(page)
    return {name: value for name, value in parser.data.items() if "__prefix__" not in name}
