/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * svg.h - text and colours of the drawing.
 */
#ifndef STACKDEPTH_SVG_H
#define STACKDEPTH_SVG_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Width of a glyph of a monospaced font, as part of the font size: 0.602 in
 * DejaVu Sans Mono and Courier, 0.600 in Menlo, SF Mono and Liberation Mono,
 * 0.550 in Consolas. Text laid out for the widest fits in all.
 */
#define SVG_GLYPH	0.605

#define SVG_COLOURS	12

/** svg_text_width - pixels that @n characters take at @size pixels. */
static inline double svg_text_width(size_t n, double size)
{
	return n * SVG_GLYPH * size;
}

/** svg_escape - write @n characters of text; what XML does not allow is '?'. */
void svg_escape(FILE *fp, const char *s, size_t n);

/**
 * svg_text - write text at a place, cut with an ellipsis to what fits
 * @room: pixels there are for it
 * @anchor: "start", "middle" or "end"
 * @class: CSS class, which also decides the font size @size
 *
 * Return: false if not even three characters fit; nothing is written then.
 */
bool svg_text(FILE *fp, double x, double y, double room, double size, const char *anchor,
	      const char *class, const char *text);

/** svg_head - the start of a file of this size, with the style sheet. */
void svg_head(FILE *fp, double width, double height, const char *title);

#endif /* STACKDEPTH_SVG_H */
