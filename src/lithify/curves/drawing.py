"""The learning curve as an SVG picture: tokens per question by position, one line an arm; a wrong answer is a ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from lithify.records.stream import Arm, StreamPoint

WIDTH, HEIGHT, EDGE = 720, 360, 56
_COLOURS: Mapping[Arm, str] = {"library": "#1f6f50", "replay": "#3f5f9f", "ephemeral": "#b4632d", "bare": "#8c2f39"}
_NAMES: Mapping[Arm, str] = {
    "library": "with the library",
    "replay": "with the library, replay only",
    "ephemeral": "without (ephemeral)",
    "bare": "without, and without a preview",
}


def draw(points: Sequence[StreamPoint], title: str) -> str:
    """An SVG document, readable on light ground, with a description for those who cannot see it."""
    most = max((point.tokens for point in points), default=0) or 1
    last = max((point.position for point in points), default=1)
    arms = [arm for arm in _COLOURS if any(point.arm == arm for point in points)]
    body = [_axes(most, last)]
    for at, arm in enumerate(arms):
        body.append(_line([point for point in points if point.arm == arm], most, last))
        place = f'x="{WIDTH - EDGE}" y="{EDGE + 18 * at}" text-anchor="end"'
        body.append(f'<text {place} fill="{_COLOURS[arm]}">{_NAMES[arm]}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img"><title>{escape(title)}</title><rect width="100%" height="100%" fill="white"/>'
        f'<text x="{EDGE}" y="24" font-size="15">{escape(title)}</text>{"".join(body)}</svg>\n'
    )


def _line(points: Sequence[StreamPoint], most: int, last: int) -> str:
    ordered = sorted(points, key=lambda point: point.position)
    colour = _COLOURS[ordered[0].arm]
    places = [(_x(point.position, last), _y(point.tokens, most)) for point in ordered]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour if point.right else "white"}" stroke="{colour}">'
        f"<title>{escape(_label(point))}</title></circle>"
        for point, (x, y) in zip(ordered, places, strict=True)
    )
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>{marks}'


def _label(point: StreamPoint) -> str:
    verdict = "right" if point.right else "wrong"
    return f"{point.position}. {point.question} - {point.route or 'error'}, {verdict}, {point.tokens:,} tokens"


def _axes(most: int, last: int) -> str:
    low, left, right = HEIGHT - EDGE, EDGE, WIDTH - EDGE
    lines = f'<path d="M{left},{EDGE} V{low} H{right}" fill="none" stroke="#888"/>'
    ticks = "".join(
        f'<text x="{left - 6}" y="{_y(value, most) + 4:.1f}" text-anchor="end" fill="#555">{value:,}</text>'
        for value in (0, most // 2, most)
    )
    places = "".join(
        f'<text x="{_x(value, last):.1f}" y="{low + 18}" text-anchor="middle" fill="#555">{value}</text>'
        for value in sorted({1, (1 + last) // 2, last})
    )
    words = f'<text x="{(left + right) / 2}" y="{HEIGHT - 14}" text-anchor="middle">question</text>'
    return lines + ticks + places + words + f'<text x="{left}" y="{EDGE - 10}" fill="#555">tokens</text>'


def _x(position: int, last: int) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * ((position - 1) / max(1, last - 1))


def _y(tokens: int, most: int) -> float:
    return (HEIGHT - EDGE) - (HEIGHT - 2 * EDGE) * (tokens / most)
