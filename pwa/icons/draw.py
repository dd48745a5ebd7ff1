"""Draws the home-screen pictures from icon.svg and icon-maskable.svg. Run it again when a drawing changes."""

from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PICTURES = [("icon.svg", "icon-192.png", 192), ("icon.svg", "icon-512.png", 512)]
# A cut-to-shape picture must be full to its edges: iPhones round the corners themselves.
PICTURES += [("icon-maskable.svg", "icon-180.png", 180), ("icon-maskable.svg", "icon-maskable-512.png", 512)]


def draw(chromium: str = "/usr/bin/chromium") -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for source, target, size in PICTURES:
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = (HERE / source).read_text().replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            page.screenshot(path=HERE / target, omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
