"""What every self-contained page is asked in a real browser."""

from contextlib import contextmanager

import pytest

# Colours do not depend on the width nor the layout on the theme: two views meet both themes and both widths. What might
# show in one pairing alone is looked for by `make test-slow`.
VIEWS = [
    ("light", 1280),
    ("dark", 390),
    pytest.param(("dark", 1280), marks=pytest.mark.slow),
    pytest.param(("light", 390), marks=pytest.mark.slow),
]


@contextmanager
def opened_page(chromium, file, scheme, width):
    """A page by day or night, on a desk or a phone, with what it asked for and what it complained of."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(file.as_uri())
    try:
        yield page
    finally:
        page.close()


def labels_cut_off(page):
    """Texts of pictures that do not lie within their picture, in the browser's own font."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.plot svg')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const own = text.getBoundingClientRect();
                return own.width && (own.left < box.left - 1 || own.right > box.right + 1
                    || own.top < box.top - 1 || own.bottom > box.bottom + 1);
            }).map(text => text.textContent);
        })"""
    )


def labels_covered(page):
    """Pairs of texts of one picture that cover each other."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.plot svg')].flatMap(svg => {
            const boxes = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim())
                .map(text => [text.textContent, text.getBoundingClientRect()]);
            const pairs = [];
            for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
                const [a, b] = [boxes[i][1], boxes[j][1]];
                if (boxes[i][0] !== boxes[j][0] && a.left < b.right - 1 && b.left < a.right - 1
                    && a.top < b.bottom - 3 && b.top < a.bottom - 3) pairs.push([boxes[i][0], boxes[j][0]]);
            }
            return pairs;
        })"""
    )


def faint_words(page):
    """Texts of pictures with less than 4.5 to 1 of contrast to the shape beneath them: (text, ground, ratio)."""
    return page.evaluate(
        """() => {
            const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
            const rgb = colour => {
                canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            };
            const light = colour => rgb(colour).map(part => part / 255)
                .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
            const found = [];
            for (const svg of document.querySelectorAll('.plot svg')) {
                svg.scrollIntoView({block: 'center'});
                const panel = getComputedStyle(svg.closest('figure')).backgroundColor;
                for (const text of svg.querySelectorAll('text')) {
                    text.scrollIntoView({block: 'nearest', inline: 'nearest'});
                    const box = text.getBoundingClientRect();
                    if (!box.width) continue;
                    text.style.pointerEvents = 'none';
                    const beneath = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)
                        .find(shape => svg.contains(shape) && shape !== svg && shape.tagName !== 'text'
                            && shape.tagName !== 'g' && getComputedStyle(shape).fill !== 'none');
                    const ground = beneath ? getComputedStyle(beneath).fill : panel;
                    const [a, b] = [light(getComputedStyle(text).fill), light(ground)];
                    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                    if (ratio < 4.5) found.push([text.textContent, ground, ratio]);
                }
            }
            return found;
        }"""
    )
