"""A chart on a page: nothing but the chart, in the reader's colours."""

from html import escape

from analysis.services.charts.canvas import clean


def page(svg: str, title: str, language: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(clean(title))}</title>\n</head>\n<body>\n{svg}</body>\n</html>\n"
    )
