// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg.c - text and colours of the drawing.
 */
#include <string.h>

#include "svg.h"

/* Fill and, for the dark scheme, another fill: both carry text of the scheme. */
static const struct {
	const char *light, *dark;
} colours[SVG_COLOURS] = {
	{ "#9ecae9", "#2f6f9f" },	/* blue */
	{ "#ffbf79", "#a8641a" },	/* orange */
	{ "#a5dba0", "#3d7f3a" },	/* green */
	{ "#f4a6a0", "#a4433d" },	/* red */
	{ "#cdbbe6", "#6a51a3" },	/* violet */
	{ "#dcc39c", "#7c6136" },	/* brown */
	{ "#f7b6d8", "#9c4478" },	/* pink */
	{ "#e8df7f", "#827a1b" },	/* yellow */
	{ "#92dbd6", "#237f7a" },	/* teal */
	{ "#c9d6a3", "#66762f" },	/* olive */
	{ "#b7c3d0", "#56677a" },	/* slate */
	{ "#d3d3d3", "#6a6a6a" },	/* grey */
};

void svg_escape(FILE *fp, const char *s, size_t n)
{
	for (size_t i = 0; i < n && s[i]; i++) {
		switch (s[i]) {
		case '&':
			fputs("&amp;", fp);
			break;
		case '<':
			fputs("&lt;", fp);
			break;
		case '>':
			fputs("&gt;", fp);
			break;
		case '"':
			fputs("&quot;", fp);
			break;
		default:
			fputc(s[i] >= ' ' && s[i] <= '~' ? s[i] : '?', fp);
		}
	}
}

bool svg_text(FILE *fp, double x, double y, double room, double size, const char *anchor,
	      const char *class, const char *text)
{
	size_t len = strlen(text), fit = room > 0 ? room / (SVG_GLYPH * size) : 0;

	if (len > fit && fit < 4)
		return false;
	fprintf(fp, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class, x, y,
		anchor);
	if (len <= fit) {
		svg_escape(fp, text, len);
	} else {
		svg_escape(fp, text, fit - 1);
		fputs("\xe2\x80\xa6", fp);	/* an ellipsis, one glyph wide */
	}
	fputs("</text>\n", fp);
	return true;
}

void svg_head(FILE *fp, double width, double height, const char *title)
{
	fprintf(fp, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>", width, height, width, height);
	svg_escape(fp, title, strlen(title));
	fputs("</title>\n<style>\n"
	      "svg { color-scheme: light dark; background: #ffffff }\n"
	      "text { font-family: 'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace;"
	      " fill: #1a1a1a }\n"
	      ".page { fill: #ffffff }\n"
	      ".h { font-size: 15px; font-weight: bold }\n"
	      ".s { font-size: 12px; fill: #444444 }\n"
	      ".f { font-size: 11px }\n"
	      ".a { font-size: 10px; fill: #666666 }\n"
	      ".m { font-size: 11px; font-weight: bold; fill: #b00020 }\n"
	      ".grid { stroke: #d9d9d9; stroke-width: 1 }\n"
	      ".mark { stroke: #b00020; stroke-width: 1.5; stroke-dasharray: 5 3; fill: none }\n"
	      ".under { opacity: 0.22 }\n"
	      ".own { stroke: #ffffff; stroke-width: 0.6 }\n"
	      ".over { fill: url(#hatch) }\n"
	      ".rest { fill: #eeeeee }\n"
	      ".hatchline { stroke: #1a1a1a; stroke-width: 1; opacity: 0.45 }\n", fp);
	for (int i = 0; i < SVG_COLOURS; i++)
		fprintf(fp, ".c%d { fill: %s }\n", i, colours[i].light);
	fputs("@media (prefers-color-scheme: dark) {\n"
	      "svg { background: #16181c }\n"
	      "text { fill: #ececec }\n"
	      ".page { fill: #16181c }\n"
	      ".s { fill: #bdbdbd }\n"
	      ".a { fill: #9a9a9a }\n"
	      ".m { fill: #ff8a80 }\n"
	      ".grid { stroke: #33363c }\n"
	      ".mark { stroke: #ff8a80 }\n"
	      ".under { opacity: 0.30 }\n"
	      ".own { stroke: #16181c }\n"
	      ".rest { fill: #26292f }\n"
	      ".hatchline { stroke: #ffffff }\n", fp);
	for (int i = 0; i < SVG_COLOURS; i++)
		fprintf(fp, ".c%d { fill: %s }\n", i, colours[i].dark);
	fprintf(fp, "}\n</style>\n"
		"<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternTransform=\"rotate(45)\" "
		"patternUnits=\"userSpaceOnUse\"><line class=\"hatchline\" x1=\"0\" y1=\"0\" x2=\"0\" "
		"y2=\"6\"/></pattern></defs>\n"
		"<rect class=\"page\" width=\"%.0f\" height=\"%.0f\"/>\n", width, height);
}
