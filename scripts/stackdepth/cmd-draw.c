// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-draw.c - stackdepth draw: one stack or two as an SVG icicle.
 *
 * A row per frame, the outermost on top. A row begins where the bytes of the
 * frames outside of it end and reaches to the end of the stack; the frame's
 * own bytes are drawn in full colour, what lies deeper in a tint of it. Labels
 * that do not fit after the start of a row go before it, where the staircase
 * leaves room.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "deepest.h"
#include "svg.h"

enum { OPT_CLASS = SD_OPT_OWN };

#define MARGIN		24.0
#define GAP		40.0
#define ROW		16.0
#define TEXT_DROP	10.8		/* from a row's top to its base line */
#define SIZE_HEADING	15.0
#define SIZE_NOTE	12.0
#define SIZE_LABEL	11.0
#define SIZE_AXIS	10.0
#define HEAD		92.0		/* heading, note, gauge, axis */
#define LEGEND_ROW	20.0
#define WIDTH_ONE	1140.0
#define WIDTH_TWO	760.0
#define MAX_DRAWN	2000

struct panel {
	const struct sd_stack *st;
	double x, width;
	double *left;		/* bytes outside of each frame */
};

struct draw {
	struct sd_common common;
	struct sd_output out;
	enum sd_class class;	/* SD_NR_CLASSES: the deepest of all */
	struct sd_deepest found[2];
	struct panel panel[2];
	int nr;
	double scale;		/* pixels per byte */
	double width, height, top;
	int colour[SD_MAX_SUBSYSTEMS];
	int64_t sums[2][SD_MAX_SUBSYSTEMS];
};

/* Neighbours on most stacks get colours apart; the others one made of their name. */
static const struct {
	const char *subsystem;
	int colour;
} preferred[] = {
	{ "block", 0 }, { "swap", 1 }, { "xfs", 2 }, { "btrfs", 2 }, { "ext4", 2 },
	{ "reclaim", 3 }, { "allocator", 4 }, { "driver", 5 }, { "slab", 6 },
	{ "scheduler", 7 }, { "writeback", 8 }, { "iomap", 9 }, { "entry", 10 },
	{ "workqueue", 10 }, { "kthread", 10 }, { "interrupt", 11 },
};

/* The same in every drawing. */
static int colour_of(const char *subsystem)
{
	for (size_t k = 0; k < sizeof(preferred) / sizeof(*preferred); k++)
		if (!strcmp(preferred[k].subsystem, subsystem))
			return preferred[k].colour;
	return sd_hash(subsystem) % SVG_COLOURS;
}

static void choose_colours(struct draw *d)
{
	for (int i = 0; i < sd_nr_subsystems(d->common.tables); i++)
		d->colour[i] = colour_of(sd_subsystem_name(d->common.tables, i));
}

/* What a panel shows: all of the stack if its size is known. */
static int64_t bytes_shown(const struct draw *d, const struct sd_stack *st)
{
	int64_t size = sd_thread_size(&d->common, st);

	return size > st->total_bytes ? size : st->total_bytes;
}

static double at(const struct draw *d, const struct panel *p, double bytes)
{
	return p->x + bytes * d->scale;
}

static void rect(struct draw *d, double x, double y, double w, double h, const char *class,
		 int colour)
{
	if (w <= 0)
		return;
	fprintf(d->out.fp, "<rect class=\"%s c%d\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
		class, colour, x, y, w, h);
}

static void line(struct draw *d, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(d->out.fp, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
		class, x1, y1, x2, y2);
}

/* The file and the directory it is in: files of two runs have the same name. */
static const char *short_name(const char *path)
{
	const char *p = path + strlen(path);

	for (int slashes = 0; p > path; p--)
		if (p[-1] == '/' && ++slashes == 2)
			break;
	return p;
}

static void draw_heading(struct draw *d, const struct panel *p)
{
	const struct sd_stack *st = p->st;
	int64_t size = sd_thread_size(&d->common, st), room = sd_headroom(&d->common, st);
	char text[256], of[64] = "", left[64] = "", on_top[64] = "";

	snprintf(text, sizeof(text), "%s: %s", sd_class_name(st->class), short_name(st->file));
	svg_text(d->out.fp, p->x, MARGIN + 12, p->width, SIZE_HEADING, "start", "h", text);
	if (size != SD_UNKNOWN)
		snprintf(of, sizeof(of), " of %" PRId64, size);
	if (room != SD_UNKNOWN)
		snprintf(left, sizeof(left), ", %" PRId64 " left", room);
	if (st->interrupt_bytes > 0)
		snprintf(on_top, sizeof(on_top), ", %" PRId64 " of an interrupt",
			 st->interrupt_bytes);
	snprintf(text, sizeof(text), "%" PRId64 "%s bytes: %" PRId64 " its own%s%s", st->total_bytes,
		 of, sd_own_bytes(st), on_top, left);
	svg_text(d->out.fp, p->x, MARGIN + 30, p->width, SIZE_NOTE, "start", "s", text);
}

/* All of THREAD_SIZE, and who has how much of it; in the scale of the rows. */
static void draw_gauge(struct draw *d, const struct panel *p, const int64_t *sums)
{
	double x = p->x, y = MARGIN + 39;
	size_t n;
	int *index = sd_sorted_sums(d->common.tables, sums, &n);

	fprintf(d->out.fp, "<rect class=\"rest\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"12\"/>\n",
		p->x, y, bytes_shown(d, p->st) * d->scale);
	for (size_t i = 0; i < n; i++) {
		rect(d, x, y, sums[index[i]] * d->scale, 12, "own", d->colour[index[i]]);
		x += sums[index[i]] * d->scale;
	}
	free(index);
}

static void draw_axis(struct draw *d, const struct panel *p, double bottom)
{
	int64_t step = 128;
	char text[32];

	while (step * d->scale < 70)
		step *= 2;
	for (int64_t b = 0; b <= bytes_shown(d, p->st); b += step) {
		double x = at(d, p, b);

		line(d, "grid", x, d->top - 6, x, bottom);
		snprintf(text, sizeof(text), "%" PRId64, b);
		svg_text(d->out.fp, x, d->top - 10, 70, SIZE_AXIS, b ? "middle" : "start", "a",
			 text);
	}
}

/* Returns the width of what was written before the row's begin, or 0. */
static double draw_label(struct draw *d, const struct panel *p, const struct sd_frame *f,
			 double x, double y)
{
	double right = p->x + bytes_shown(d, p->st) * d->scale, inside = right - x - 8;
	char text[SD_MAX_SYMBOL + 32];
	double width;

	snprintf(text, sizeof(text), "%s %" PRId64, f->symbol, f->bytes);
	width = svg_text_width(strlen(text), SIZE_LABEL);
	if (width <= inside || inside >= x - p->x - 8) {
		svg_text(d->out.fp, x + 4, y, inside, SIZE_LABEL, "start", "f", text);
		return 0;
	}
	svg_text(d->out.fp, x - 5, y, x - p->x - 8, SIZE_LABEL, "end", "f", text);
	return width < x - p->x - 8 ? width + 5 : x - p->x;
}

static void draw_mark(struct draw *d, const struct panel *p, double x, double y, double taken,
		      const char *text)
{
	line(d, "mark", p->x, y, p->x + p->st->total_bytes * d->scale, y);
	if (taken > 0)
		svg_text(d->out.fp, p->x, y + TEXT_DROP, x - p->x - taken - 12, SIZE_LABEL, "start",
			 "m", text);
	else
		svg_text(d->out.fp, x - 8, y + TEXT_DROP, x - p->x - 12, SIZE_LABEL, "end", "m",
			 text);
}

static void draw_marks(struct draw *d, const struct panel *p, size_t i, double x, double y,
		       double taken)
{
	const struct sd_stack *st = p->st;
	char text[256];

	for (size_t k = 0; k < st->nr_splices; k++) {
		const struct sd_splice *s = &st->splices[k];

		if (s->frame != i)
			continue;
		snprintf(text, sizeof(text), "%s onto %s: +%" PRId64 " at %" PRId64, s->by, s->into,
			 s->adds_bytes, s->at_bytes);
		draw_mark(d, p, x, y, taken, text);
	}
	if (st->frames[i].kind != SD_TASK && i + 1 < st->nr_frames &&
	    st->frames[i + 1].kind == SD_TASK) {
		snprintf(text, sizeof(text), "%s: %" PRId64 " on top",
			 sd_kind_name(st->frames[i].kind), st->total_bytes - (int64_t)p->left[i]);
		draw_mark(d, p, x, y, taken, text);
	}
}

static void draw_frame(struct draw *d, const struct panel *p, size_t i)
{
	const struct sd_frame *f = &p->st->frames[i];
	double x = at(d, p, p->left[i]), y = d->top + (p->st->nr_frames - 1 - i) * ROW;
	double own = f->bytes * d->scale, right = at(d, p, p->st->total_bytes), taken;
	int colour = d->colour[f->subsystem];

	fputs("<g><title>", d->out.fp);
	svg_escape(d->out.fp, f->symbol, strlen(f->symbol));
	fprintf(d->out.fp, ", %" PRId64 " bytes at depth %.0f, %s</title>\n", f->bytes,
		p->left[i] + f->bytes, sd_subsystem_name(d->common.tables, f->subsystem));
	if (f->bytes) {		/* a frame of no bytes has a name only */
		rect(d, x + own, y, right - x - own, ROW - 1, "under", colour);
		rect(d, x, y, own, ROW - 1, "own", colour);
	}
	if (f->bytes && f->kind != SD_TASK)
		fprintf(d->out.fp, "<rect class=\"over\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
			x, y, right - x, ROW - 1);
	taken = draw_label(d, p, f, x, y + TEXT_DROP);
	fputs("</g>\n", d->out.fp);
	draw_marks(d, p, i, x, y, taken);
}

static double draw_legend(struct draw *d, double y, bool measure)
{
	struct sd_tables *t = d->common.tables;
	int64_t both[SD_MAX_SUBSYSTEMS];
	double x = MARGIN;
	size_t n;
	int *index;

	for (int i = 0; i < sd_nr_subsystems(t); i++)
		both[i] = d->sums[0][i] + d->sums[1][i];
	index = sd_sorted_sums(t, both, &n);
	for (size_t i = 0; i < n; i++) {
		int s = index[i];
		char text[160];
		double width;

		if (d->nr == 2)
			snprintf(text, sizeof(text), "%s %" PRId64 " | %" PRId64,
				 sd_subsystem_name(t, s), d->sums[0][s], d->sums[1][s]);
		else
			snprintf(text, sizeof(text), "%s %" PRId64, sd_subsystem_name(t, s),
				 d->sums[0][s]);
		width = 18 + svg_text_width(strlen(text), SIZE_NOTE) + 20;
		if (x > MARGIN && x + width > d->width - MARGIN) {
			x = MARGIN;
			y += LEGEND_ROW;
		}
		if (!measure) {
			rect(d, x, y, 12, 12, "own", d->colour[s]);
			svg_text(d->out.fp, x + 18, y + 10.5, width, SIZE_NOTE, "start", "s", text);
		}
		x += width;
	}
	free(index);
	return y + LEGEND_ROW;
}

static void draw_panel(struct draw *d, int k)
{
	const struct panel *p = &d->panel[k];
	double bottom = d->top + p->st->nr_frames * ROW;

	draw_heading(d, p);
	draw_gauge(d, p, d->sums[k]);
	draw_axis(d, p, bottom);
	for (size_t i = p->st->nr_frames; i-- > 0; )
		draw_frame(d, p, i);
}

static int lay_out(struct draw *d)
{
	double panel_width = d->nr == 2 ? WIDTH_TWO : WIDTH_ONE, rows = 0;
	int64_t most = 1;

	d->width = 2 * MARGIN + d->nr * panel_width + (d->nr - 1) * GAP;
	d->top = MARGIN + HEAD - 8;
	for (int k = 0; k < d->nr; k++) {
		struct panel *p = &d->panel[k];
		double sum = 0;

		p->x = MARGIN + k * (panel_width + GAP);
		p->width = panel_width;
		p->left = sd_alloc(p->st->nr_frames, sizeof(*p->left));
		for (size_t i = p->st->nr_frames; i-- > 0; ) {
			p->left[i] = sum;
			sum += p->st->frames[i].bytes;
		}
		if (bytes_shown(d, p->st) > most)
			most = bytes_shown(d, p->st);
		if (p->st->nr_frames > rows)
			rows = p->st->nr_frames;
		sd_subsystem_sums(p->st, d->common.tables, d->sums[k]);
	}
	if (rows > MAX_DRAWN) {
		fprintf(stderr, "stackdepth: expected at most %d frames to draw\n", MAX_DRAWN);
		return -1;
	}
	d->scale = panel_width / most;
	choose_colours(d);
	d->height = draw_legend(d, d->top + rows * ROW + 16, true) + MARGIN / 2;
	return 0;
}

static json_t *json_panel(struct draw *d, const struct panel *p)
{
	json_t *o = json_object(), *frames = json_array();

	json_object_set_new(o, "class", json_string(sd_class_name(p->st->class)));
	json_object_set_new(o, "file", json_string(p->st->file));
	for (size_t i = 0; i < p->st->nr_frames; i++) {
		const struct sd_frame *f = &p->st->frames[i];

		json_array_append_new(frames, json_pack("{s:s,s:s,s:I,s:f,s:f,s:f,s:f,s:f}",
			"symbol", f->symbol,
			"subsystem", sd_subsystem_name(d->common.tables, f->subsystem),
			"bytes", (json_int_t)f->bytes, "x", at(d, p, p->left[i]),
			"y", d->top + (p->st->nr_frames - 1 - i) * ROW,
			"width", f->bytes ? (p->st->total_bytes - p->left[i]) * d->scale : 0,
			"own_width", f->bytes * d->scale, "height", ROW - 1));
	}
	json_object_set_new(o, "frames", frames);
	return o;
}

static int write_json(struct draw *d)
{
	json_t *panels = json_array();
	int err;

	for (int k = 0; k < d->nr; k++)
		json_array_append_new(panels, json_panel(d, &d->panel[k]));
	err = sd_json_write(d->out.fp, json_pack("{s:i,s:f,s:f,s:o}", "schema", 1, "width", d->width,
						 "height", d->height, "panels", panels));
	fputc('\n', d->out.fp);
	return err;
}

static int write_svg(struct draw *d)
{
	svg_head(d->out.fp, d->width, d->height, "Kernel stack use, bytes per frame");
	for (int k = 0; k < d->nr; k++)
		draw_panel(d, k);
	draw_legend(d, d->height - MARGIN / 2 - (draw_legend(d, 0, true)), false);
	fputs("</svg>\n", d->out.fp);
	return 0;
}

static const struct sd_stack *choose(const struct draw *d, int k, const char *name)
{
	const struct sd_stack *best = NULL, *sized = NULL;

	for (int c = 0; c < SD_NR_CLASSES; c++) {
		const struct sd_stack *st = &d->found[k].kept[c];

		if (!d->found[k].is_kept[c] || (d->class != SD_NR_CLASSES && (int)d->class != c))
			continue;
		if (!best || sd_own_bytes(st) > sd_own_bytes(best))
			best = st;
		if (sd_has_sizes(st) && (!sized || sd_own_bytes(st) > sd_own_bytes(sized)))
			sized = st;
	}
	if (!best) {
		fprintf(stderr, "stackdepth: %s: expected a stack%s%s, found none\n", name,
			d->class == SD_NR_CLASSES ? "" : " of class ",
			d->class == SD_NR_CLASSES ? "" : sd_class_name(d->class));
		return NULL;
	}
	if (!sized)
		fprintf(stderr, "stackdepth: %s:%lu: expected frames with sizes; --vmlinux computes them\n",
			name, best->line);
	return sized;
}

static int draw_files(struct draw *d, char **names)
{
	for (int k = 0; k < d->nr; k++) {
		struct sd_sink sink = { sd_deepest_add, NULL, &d->found[k] };

		if (sd_read_file(&d->common, names[k], &sink))
			return -1;
		d->panel[k].st = choose(d, k, names[k]);
		if (!d->panel[k].st)
			return -1;
	}
	if (lay_out(d))
		return -1;
	return d->common.json ? write_json(d) : write_svg(d);
}

static const struct option options[] = {
	SD_COMMON_LONG,
	{ "class", required_argument, NULL, OPT_CLASS },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(struct draw *d, int argc, char **argv, int *exit_code)
{
	int opt;

	while ((opt = getopt_long(argc, argv, SD_COMMON_SHORT, options, NULL)) != -1) {
		if (opt == OPT_CLASS) {
			d->class = sd_class_by_name(optarg, strlen(optarg));
			if (d->class == SD_NR_CLASSES) {
				fprintf(stderr, "stackdepth draw: there is no class '%s'\n", optarg);
				*exit_code = SD_USAGE;
				return -1;
			}
		} else if (sd_common_option(&d->common, &sd_command_draw, opt, exit_code)) {
			return -1;
		}
	}
	d->nr = argc - optind;
	if (d->nr != 1 && d->nr != 2) {
		fputs("stackdepth draw: expected one file or two\n", stderr);
		*exit_code = SD_USAGE;
		return -1;
	}
	return 0;
}

static int run(int argc, char **argv)
{
	struct draw *d = sd_alloc(1, sizeof(*d));
	int exit_code;

	sd_common_init(&d->common);
	d->class = SD_NR_CLASSES;
	if (!parse_options(d, argc, argv, &exit_code)) {
		exit_code = SD_BAD_INPUT;
		if (!sd_output_open(&d->out, d->common.output)) {
			if (draw_files(d, argv + optind))
				sd_output_discard(&d->out);
			else if (!sd_output_commit(&d->out))
				exit_code = sd_exit_code(&d->common);
		}
	}
	for (int k = 0; k < 2; k++) {
		free(d->panel[k].left);
		sd_deepest_free(&d->found[k]);
	}
	sd_common_free(&d->common);
	free(d);
	return exit_code;
}

const struct sd_command sd_command_draw = {
	.name = "draw",
	.args = "FILE [FILE]",
	.what = "SVG icicle of the deepest stack, or of two side by side; width is bytes",
	.options =
		"      --class NAME         the deepest stack of this class, not of all\n",
	.run = run,
};
