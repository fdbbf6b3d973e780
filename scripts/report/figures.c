// SPDX-License-Identifier: GPL-2.0-only
/* Figures that gnuplot and stackdepth draw, as SVG inside the page. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

/*
 * gnuplot is given these colours, and they are replaced by names that the
 * style sheet knows, so that a figure follows the light or dark page.
 */
#define INK "#010101"
#define FAINT "#020202"
#define COLOUR_A "#030303"
#define COLOUR_B "#040404"

static const struct {
	const char *drawn;
	const char *wanted;
} colours[] = {
	{ "rgb(  1,   1,   1)", "currentColor" },
	{ "rgb(  2,   2,   2)", "var(--line)" },
	{ "rgb(  3,   3,   3)", "var(--a)" },
	{ "rgb(  4,   4,   4)", "var(--b)" },
	{ "rgb(1,1,1)", "currentColor" },
	{ "rgb(2,2,2)", "var(--line)" },
	{ "rgb(3,3,3)", "var(--a)" },
	{ "rgb(4,4,4)", "var(--b)" },
	{ "\"black\"", "\"currentColor\"" },
	{ "'black'", "'currentColor'" },
};

/* Prefixes of ids; they would be the same in every figure of the page. */
static const char *const ids[] = {
	"gpDot", "gpPt", "gnuplot_canvas", "textbox", "greybox",
};

static char *replace_all(char *text, const char *old, const char *new)
{
	size_t count = 0, old_length = strlen(old), new_length = strlen(new);
	char *at, *result, *end, *from;

	for (at = text; (at = strstr(at, old)); at += old_length)
		count++;
	if (!count)
		return text;
	result = xcalloc(strlen(text) + count * new_length + 1, 1);
	end = result;
	from = text;
	while ((at = strstr(from, old))) {
		memcpy(end, from, (size_t)(at - from));
		end += at - from;
		memcpy(end, new, new_length);
		end += new_length;
		from = at + old_length;
	}
	memcpy(end, from, strlen(from) + 1);
	free(text);
	return result;
}

/* Runs a program without a shell. Return: its exit status, or -1. */
static int run_program(const char *const *argv, const char *output)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		if (output && !freopen(output, "w", stdout))
			_exit(126);
		if (output && !freopen("/dev/null", "w", stderr))
			_exit(126);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		fail("%s: %s", argv[0], strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/** struct drawing - a gnuplot script and its data, while they are written */
struct drawing {
	char directory[64];
	char *script;
	char *data;
	char *svg;
	FILE *to_script;
	FILE *to_data;
};

static FILE *open_or_fail(const char *path, const char *mode)
{
	FILE *stream = fopen(path, mode);

	if (!stream)
		fail("%s: %s", path, strerror(errno));
	return stream;
}

static void drawing_begin(struct drawing *d, unsigned int number, int height)
{
	snprintf(d->directory, sizeof(d->directory), "/tmp/report-XXXXXX");
	if (!mkdtemp(d->directory))
		fail("%s: %s", d->directory, strerror(errno));
	d->script = xasprintf("%s/script", d->directory);
	d->data = xasprintf("%s/data", d->directory);
	d->svg = xasprintf("%s/figure.svg", d->directory);
	d->to_script = open_or_fail(d->script, "w");
	d->to_data = open_or_fail(d->data, "w");
	fprintf(d->to_script,
		"set terminal svg size 440,%d dynamic enhanced font 'sans-serif,12' name 'figure%u'\n"
		"set output '%s'\nset encoding utf8\n"
		"set border 3 linecolor rgb '" INK "'\n"
		"set tics nomirror textcolor rgb '" INK "'\n"
		"set key textcolor rgb '" INK "'\n"
		"set grid linecolor rgb '" FAINT "' linewidth 0.7\n"
		"A = '" COLOUR_A "'\nB = '" COLOUR_B "'\nINK = '" INK "'\n"
		"data = '%s'\n",
		height, number, d->svg, d->data);
}

static void remove_files(struct drawing *d)
{
	unlink(d->script);
	unlink(d->data);
	unlink(d->svg);
	rmdir(d->directory);
	free(d->script);
	free(d->data);
	free(d->svg);
}

static void put_svg(struct report *r, char *svg, unsigned int number,
		    const char *label)
{
	char *start;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(colours); i++)
		svg = replace_all(svg, colours[i].drawn, colours[i].wanted);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		char *own = xasprintf("f%u%s", number, ids[i]);

		svg = replace_all(svg, ids[i], own);
		free(own);
	}
	start = strstr(svg, "<svg");
	if (!start)
		fail("figure %u: expected SVG", number);
	fputs("<svg role=\"img\" aria-label=\"", r->out);
	put(r->out, label);
	fputs("\"", r->out);
	fputs(start + 4, r->out);
	free(svg);
}

static void drawing_end(struct report *r, struct drawing *d,
			unsigned int number, const char *label)
{
	const char *const argv[] = { r->gnuplot, d->script, NULL };
	char *svg;
	int status;

	if (fclose(d->to_script) || fclose(d->to_data))
		fail("%s: %s", d->directory, strerror(errno));
	status = run_program(argv, NULL);
	svg = read_text(d->svg, NULL);
	remove_files(d);
	if (status == 127)
		fail("%s: not found; it draws the distributions", r->gnuplot);
	if (status || !svg)
		fail("%s: exit status %d for figure %u", r->gnuplot, status,
		     number);
	put_svg(r, svg, number, label);
}

/**
 * command_note - how to get a figure's data again
 * @r: the report
 * @before: words before the command
 * @command: the command
 */
void command_note(struct report *r, const char *before, const char *command)
{
	fputs("<p class=\"command\">", r->out);
	put(r->out, before);
	fputs(" <code>", r->out);
	put(r->out, command);
	fputs("</code></p>", r->out);
}

static char *evaluate_command(const struct report *r, const json_t *group)
{
	json_t *seeds = json_object_get(group, "seeds");
	json_t *seed;
	long long most = 0;
	size_t i;

	json_array_foreach(seeds, i, seed)
		if (json_integer_value(seed) > most)
			most = json_integer_value(seed);
	return xasprintf("make evaluate VARIANTS=\"%s%s%s\" FS=%s SCENARIOS=%s CLOCK=%s SEEDS=%lld",
			 r->names[0], strcmp(r->names[0], r->names[1]) ? " " : "",
			 strcmp(r->names[0], r->names[1]) ? r->names[1] : "",
			 text_of(group, "fs"), text_of(group, "workload"),
			 text_of(group, "clock"), most);
}

/* Text in a double-quoted string of gnuplot: no markup, no commands. */
static char *label_text(char *text)
{
	text = replace_all(text, "\\", "/");
	text = replace_all(text, "\"", "'");
	text = replace_all(text, "`", "'");
	text = replace_all(text, "_", "\\\\_");
	text = replace_all(text, "^", "\\\\^");
	text = replace_all(text, "@", "\\\\@");
	text = replace_all(text, "}", ")");
	return replace_all(text, "{", "(");
}

/** struct bucket - samples of one latency, of all pairs together */
struct bucket {
	double low;
	double count;
};

/** struct histogram - buckets by rising latency */
struct histogram {
	struct bucket *buckets;
	size_t count;
	double samples;
};

static int bucket_compare(const void *left, const void *right)
{
	const struct bucket *a = left;
	const struct bucket *b = right;

	return (a->low > b->low) - (a->low < b->low);
}

static void histogram_add(struct histogram *h, const json_t *list)
{
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)list, i, entry) {
		struct bucket *b;

		h->buckets = xrealloc(h->buckets,
				      (h->count + 1) * sizeof(*h->buckets));
		b = &h->buckets[h->count++];
		b->low = json_number_value(json_array_get(entry, 0));
		b->count = json_number_value(json_array_get(entry, 1));
		h->samples += b->count;
	}
}

static void histogram_merge(struct histogram *h)
{
	size_t i, n = 0;

	if (!h->count)
		return;
	qsort(h->buckets, h->count, sizeof(*h->buckets), bucket_compare);
	for (i = 1; i < h->count; i++) {
		if (h->buckets[i].low == h->buckets[n].low)
			h->buckets[n].count += h->buckets[i].count;
		else
			h->buckets[++n] = h->buckets[i];
	}
	h->count = n + 1;
}

/*
 * The histograms of a cell: in results.json if it has them, else in the
 * cell.json of the cell's own directory. Return: a new reference, or NULL.
 */
static json_t *cell_histograms(const struct report *r, const json_t *cell)
{
	json_t *found = json_object_get(cell, "histograms_ns");
	char *path;
	json_t *own;

	if (found)
		return json_incref(found);
	if (!*text_of(cell, "id"))
		return NULL;
	path = xasprintf("%s/cells/%s/cell.json", r->directory,
			 text_of(cell, "id"));
	if (access(path, R_OK)) {
		free(path);
		return NULL;
	}
	own = read_json(path);
	free(path);
	found = json_object_get(own, "histograms_ns");
	json_incref(found);
	json_decref(own);
	return found;
}

/* The share of samples that took at least so long, ten points a doubling. */
static void write_tail(FILE *out, const struct histogram *h)
{
	double left = h->samples, last = 0;
	size_t i;

	for (i = 0; i < h->count; i++) {
		double low = fmax(h->buckets[i].low, 1);

		if (low >= last * 1.035 || i + 1 == h->count) {
			fprintf(out, "%.9g %.9g\n", low, left / h->samples);
			last = low;
		}
		left -= h->buckets[i].count;
	}
	fputs("\n\n", out);
}

static void draw_distribution(struct report *r, const json_t *group,
			      const char *name, struct histogram *h)
{
	size_t pairs;
	unsigned int number = ++r->figures;
	char *title = place_title(group, false);
	char *words = latency_name(name);
	char *label = xasprintf("%s of %s, share of samples that took longer",
				words, title);
	char *labels[2] = {
		label_text(xstrdup(r->names[0])),
		label_text(xstrdup(r->names[1])),
	};
	struct drawing d;

	drawing_begin(&d, number, 290);
	write_tail(d.to_data, &h[0]);
	write_tail(d.to_data, &h[1]);
	fputs("set logscale xy\nset yrange [*:1]\n"
	      "set format y '10^{%L}'\n"
	      "set xtics ('10 ns' 10, '100 ns' 100, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9, '10 s' 1e10)\n"
	      "set ylabel 'share that took as long or longer' textcolor rgb INK\n"
	      "set key bottom left\n",
	      d.to_script);
	fprintf(d.to_script,
		"plot data index 0 with steps linewidth 2 linecolor rgb A title \"%s\", "
		"data index 1 with steps linewidth 2 linecolor rgb B title \"%s\"\n",
		labels[0], labels[1]);
	free(labels[0]);
	free(labels[1]);
	fprintf(r->out, "<figure id=\"figure%u\"><figcaption>", number);
	pairs = json_array_size(json_object_get(group, "seeds"));
	put_format(r->out, "Distribution: %s, every sample of %zu pair%s (%.0f and %.0f samples). Further left is better.",
		   words, pairs, pairs == 1 ? "" : "s", h[0].samples,
		   h[1].samples);
	free(words);
	fputs("</figcaption>", r->out);
	drawing_end(r, &d, number, label);
	free(label);
	free(title);
	title = evaluate_command(r, group);
	command_note(r, "Again:", title);
	free(title);
	fputs("</figure>\n", r->out);
}

/* Both have samples, and not all of them are 0: that is no picture. */
static bool worth_drawing(const struct histogram h[2])
{
	return h[0].samples > 0 && h[1].samples > 0 &&
	       (h[0].buckets[h[0].count - 1].low > 0 ||
		h[1].buckets[h[1].count - 1].low > 0);
}

/**
 * figure_distributions - latencies of A over those of B, all samples
 * @r: the report
 * @group: the workload, from compare.json
 */
void figure_distributions(struct report *r, const json_t *group)
{
	json_t *seeds = json_object_get(group, "seeds");
	json_t *by_name = json_object();	/* name: [[A], [B]] of lists */
	json_t *seed, *both;
	const char *name;
	size_t i;
	int side;

	json_array_foreach(seeds, i, seed)
		for (side = 0; side < 2; side++) {
			json_t *histograms, *list;

			histograms = cell_histograms(r, find_cell(r, group,
				side, json_integer_value(seed)));
			json_object_foreach(histograms, name, list) {
				both = json_object_get(by_name, name);
				if (!both) {
					both = json_pack("[[], []]");
					json_object_set_new(by_name, name, both);
				}
				json_array_append(json_array_get(both, side),
						  list);
			}
			json_decref(histograms);
		}
	fputs("<h3>Latency</h3><div class=\"figures\">", r->out);
	json_object_foreach(by_name, name, both) {
		struct histogram h[2] = { { 0 } };

		for (side = 0; side < 2; side++) {
			json_t *lists = json_array_get(both, side), *list;

			json_array_foreach(lists, i, list)
				histogram_add(&h[side], list);
			histogram_merge(&h[side]);
		}
		if (worth_drawing(h))
			draw_distribution(r, group, name, h);
		free(h[0].buckets);
		free(h[1].buckets);
	}
	fputs("</div>", r->out);
	if (!json_object_size(by_name))
		fputs("<p class=\"note\">No histograms were recorded for these cells.</p>",
		      r->out);
	json_decref(by_name);
}

static bool drawn_by_seed(const json_t *row)
{
	return json_object_get(row, "verdict") && is(row, "scale", "ratio") &&
	       json_is_true(json_object_get(row, "corrected")) &&
	       !is(row, "interval", "none");
}

/* The seed whose cell of B has the longest fault: the one to look at. */
static const json_t *worst_cell(const struct report *r, const json_t *group)
{
	json_t *seeds = json_object_get(group, "seeds");
	const json_t *worst = NULL;
	double most = -1;
	json_t *seed;
	size_t i;

	json_array_foreach(seeds, i, seed) {
		const json_t *cell = find_cell(r, group, 1,
					       json_integer_value(seed));
		const json_t *latency = json_object_get(cell, "latency_ns");
		double longest = number_of(json_object_get(latency, "fault"),
					   "max");

		if (cell && longest > most) {
			most = longest;
			worst = cell;
		}
	}
	return worst;
}

/*
 * The axis of ratios: as far as the points go, which the intervals of few
 * seeds would make tiny, with about five labels such as ÷4, 1, ×4.
 */
static void ratio_axis(FILE *out, double *least, double *most)
{
	double step = 1.05;
	bool first = true;
	int i;

	*least /= 1.1;
	*most *= 1.1;
	if (*most / *least > 1.5)
		step = 1.2;
	if (*most / *least > 3)
		step = 2;
	while (log(*most / *least) / log(step) > 6)
		step *= step;
	fprintf(out, "set xrange [%.9g:%.9g]\nset xtics (", *least, *most);
	for (i = -20; i <= 20; i++) {
		double at = pow(step, i);

		if (at < *least || at > *most)
			continue;
		fprintf(out, "%s\"%s%.4g\" %.9g", first ? "" : ", ",
			i < 0 ? "÷" : i ? "×" : "", i < 0 ? 1 / at : at, at);
		first = false;
	}
	fputs(")\n", out);
}

/**
 * figure_seeds - every pair as a point, figure by figure, with the intervals
 * @r: the report
 * @group: the workload, from compare.json
 */
void figure_seeds(struct report *r, const json_t *group)
{
	double least = 1 / 1.05, most = 1.05;
	json_t *rows = json_object_get(group, "metrics");
	const json_t *worst = worst_cell(r, group);
	unsigned int number;
	struct drawing d;
	char *title, *label;
	size_t i, j, n = 0, line = 0;
	json_t *row;

	json_array_foreach(rows, i, row)
		n += drawn_by_seed(row);
	if (!n)
		return;
	number = ++r->figures;
	drawing_begin(&d, number, (int)(80 + 24 * n));
	title = place_title(group, false);
	label = xasprintf("%s: ratio of %s to %s for every seed", title,
			  r->names[1], r->names[0]);
	fputs("set logscale x 2\nunset grid\nset grid xtics\n"
	      "set lmargin at screen 0.5\nset rmargin at screen 0.97\n"
	      "set key off\nset ytics (", d.to_script);
	json_array_foreach(rows, i, row) {
		char *name;

		if (!drawn_by_seed(row))
			continue;
		name = label_text(figure_name(text_of(row, "metric")));
		fprintf(d.to_script, "%s\"%s\" %zu", line ? ", " : "", name,
			n - line);
		free(name);
		line++;
	}
	fprintf(d.to_script, ")\nset yrange [0.3:%zu.7]\n", n);
	line = 0;
	json_array_foreach(rows, i, row) {
		json_t *pairs = json_object_get(row, "pairs"), *pair;

		if (!drawn_by_seed(row))
			continue;
		json_array_foreach(pairs, j, pair) {
			double a = json_number_value(json_array_get(pair, 1));
			double b = json_number_value(json_array_get(pair, 2));

			least = fmin(least, b / a);
			most = fmax(most, b / a);
			/* seeds side by side, the first at the top */
			fprintf(d.to_data, "%.9g %.4f\n", b / a, (double)(n - line) +
				0.3 - 0.6 * ((double)j + 0.5) /
				(double)json_array_size(pairs));
		}
		line++;
	}
	fputs("\n\n", d.to_data);
	ratio_axis(d.to_script, &least, &most);
	line = 0;
	json_array_foreach(rows, i, row)
		if (drawn_by_seed(row))
			fprintf(d.to_data, "%.9g %zu %.9g %.9g\n",
				number_of(row, "ratio"), n - line++,
				fmax(number_of(row, "low"), least),
				fmin(number_of(row, "high"), most));
	fprintf(d.to_script,
		"set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor rgb INK linewidth 1.2\n"
		"plot data index 0 using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb INK, "
		"data index 1 using 1:2:3:4 with xerrorbars pointtype 2 pointsize 0.6 linewidth 2 linecolor rgb B\n");
	fputs("<h3>Seeds</h3>", r->out);
	fprintf(r->out, "<figure id=\"figure%u\" class=\"wide-figure\"><figcaption>", number);
	put_format(r->out, "Every seed as a point: %s divided by %s; the bar is the interval of the ratio of geometric means, cut where the picture ends. Left of 1 is less.",
		   r->names[1], r->names[0]);
	fputs("</figcaption>", r->out);
	drawing_end(r, &d, number, label);
	if (worst) {
		char *command = run_command(r, worst);

		command_note(r, "The cell with the longest fault, again:",
			     command);
		free(command);
	}
	fputs("</figure>\n", r->out);
	free(title);
	free(label);
}

/* Bytes of the deepest stack of a class, 0 if there is none. */
static double cell_depth(const json_t *cell, const char *class)
{
	json_t *stack = json_object_get(cell, "stack");

	return number_of(json_object_get(stack, class), "max_bytes");
}

static char *stack_path(const struct report *r, const json_t *cell)
{
	static const char *const names[] = {
		"stack.txt", "guest-stack_observer.txt", "guest-stack_trace.txt",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = xasprintf("%s/cells/%s/%s", r->directory,
				       text_of(cell, "id"), names[i]);

		if (!access(path, R_OK))
			return path;
		free(path);
	}
	return NULL;
}

/* The cell of a variant with the deepest stack of a class, and its file. */
static const json_t *deepest_cell(const struct report *r, const json_t *group,
				  int side, const char *class, char **path)
{
	json_t *seeds = json_object_get(group, "seeds");
	const json_t *deepest = NULL;
	double most = 0;
	json_t *seed;
	size_t i;

	*path = NULL;
	json_array_foreach(seeds, i, seed) {
		const json_t *cell = find_cell(r, group, side,
					       json_integer_value(seed));
		char *here;

		if (!cell || cell_depth(cell, class) <= most)
			continue;
		here = stack_path(r, cell);
		if (!here)
			continue;
		free(*path);
		*path = here;
		most = cell_depth(cell, class);
		deepest = cell;
	}
	return deepest;
}

/* Output of a stackdepth command, or NULL when it has none. */
static char *stackdepth(const char *const *argv)
{
	char output[] = "/tmp/report-stack-XXXXXX";
	int descriptor = mkstemp(output);
	char *text = NULL;

	if (descriptor < 0)
		fail("%s: %s", output, strerror(errno));
	close(descriptor);
	if (!run_program(argv, output))
		text = read_text(output, NULL);
	unlink(output);
	return text;
}

static void put_splice(struct report *r, const json_t *splice, bool last)
{
	json_t *entered = json_object_get(splice, "entered");
	const char *subsystem;
	json_t *bytes;
	bool first = true;

	put_format(r->out, "%s onto %s at %g bytes, adding %g",
		   text_of(splice, "by"), text_of(splice, "into"),
		   number_of(splice, "at_bytes"),
		   number_of(splice, "adds_bytes"));
	json_object_foreach(entered, subsystem, bytes) {
		put_format(r->out, "%s%s %g", first ? " (" : ", ", subsystem,
			   json_number_value(bytes));
		first = false;
	}
	put_format(r->out, "%s%s", first ? "" : ")", last ? "." : "; ");
}

static void put_splices(struct report *r, const char *path, const char *class,
			int side)
{
	const char *const argv[] = { r->stackdepth, "report", "--deepest",
				     "--json", path, NULL };
	char *text = stackdepth(argv);
	json_t *document, *stacks, *stack, *splice;
	size_t i, j;

	if (!text)
		return;
	document = json_loads(text, 0, NULL);
	free(text);
	stacks = json_object_get(document, "stacks");
	json_array_foreach(stacks, i, stack) {
		json_t *splices = json_object_get(stack, "splices");

		if (strcmp(class, "any") && !is(stack, "class", class))
			continue;
		fprintf(r->out, "<li><span class=\"%c\">", side ? 'b' : 'a');
		put(r->out, r->names[side]);
		fputs("</span>", r->out);
		if (*text_of(stack, "class"))
			put_format(r->out, " (%s)", text_of(stack, "class"));
		put_format(r->out, ", %g bytes deep: ",
			   number_of(stack, "total_bytes"));
		if (!json_array_size(splices))
			put(r->out, "no splice.");
		json_array_foreach(splices, j, splice)
			put_splice(r, splice, j + 1 == json_array_size(splices));
		fputs("</li>", r->out);
	}
	json_decref(document);
}

/* The icicles of two stacks as SVG, or NULL when they cannot be drawn. */
static char *draw_stacks(const struct report *r, const char *class,
			 char *const paths[2], unsigned int number)
{
	const char *const of_class[] = { r->stackdepth, "draw", "--class",
					 class, paths[0], paths[1], NULL };
	const char *const any[] = { r->stackdepth, "draw", paths[0], paths[1],
				    NULL };
	char *own, *references, *scope, *svg, *start, *drawing;

	svg = stackdepth(strcmp(class, "any") ? of_class : any);
	if (!svg)
		return NULL;
	start = strstr(svg, "<svg");
	if (!start) {
		free(svg);
		return NULL;
	}
	drawing = xstrdup(start);
	free(svg);
	own = xasprintf("id=\"f%u", number);
	references = xasprintf("url(#f%u", number);
	/* its style sheet is for this figure, not for the page */
	scope = xasprintf("<style>#figure%u .icicle {", number);
	drawing = replace_all(drawing, "id=\"", own);
	drawing = replace_all(drawing, "url(#", references);
	drawing = replace_all(drawing, "<style>", scope);
	drawing = replace_all(drawing, "</style>", "}</style>");
	free(own);
	free(references);
	free(scope);
	return drawing;
}

/*
 * A drawing is headed with the directory and the name of the file: make them
 * the names of the variant and of the seed.
 */
static char *draw_named(const struct report *r, const char *class,
			const json_t *const cells[2], char *const paths[2],
			unsigned int number)
{
	char top[] = "/tmp/report-XXXXXX";
	char *directories[2], *links[2], *svg = NULL, *c;
	int side, made = 0;

	if (!paths[0] || !paths[1])
		return NULL;
	if (!mkdtemp(top))
		fail("%s: %s", top, strerror(errno));
	for (side = 0; side < 2; side++) {
		char *target = realpath(paths[side], NULL);

		directories[side] = xasprintf("%s/%c, %s", top,
					      side ? 'B' : 'A', r->names[side]);
		for (c = directories[side] + strlen(top) + 1; *c; c++)
			if (*c == '/')
				*c = '_';
		links[side] = xasprintf("%s/seed %lld", directories[side],
			(long long)json_integer_value(
				json_object_get(cells[side], "seed")));
		made += target && !mkdir(directories[side], 0700) &&
			!symlink(target, links[side]);
		free(target);
	}
	if (made == 2)
		svg = draw_stacks(r, class, links, number);
	for (side = 0; side < 2; side++) {
		unlink(links[side]);
		rmdir(directories[side]);
		free(links[side]);
		free(directories[side]);
	}
	rmdir(top);
	return svg;
}

static void figure_class(struct report *r, const json_t *group,
			 const char *class, bool open)
{
	const json_t *cells[2];
	unsigned int number;
	char *paths[2], *svg;
	int side;

	for (side = 0; side < 2; side++)
		cells[side] = deepest_cell(r, group, side, class, &paths[side]);
	if (!cells[0] && !cells[1])
		return;
	number = ++r->figures;
	fprintf(r->out, "<details%s><summary>", open ? " open" : "");
	put(r->out, strcmp(class, "any") ? class : "any context");
	for (side = 0; side < 2; side++) {
		fprintf(r->out, "%s<span class=\"%c\">", side ? ", " : ": ",
			side ? 'b' : 'a');
		if (cells[side])
			put_format(r->out, "%g bytes",
				   cell_depth(cells[side], class));
		else
			put(r->out, "not recorded");
		fputs("</span>", r->out);
	}
	fprintf(r->out, "</summary><figure id=\"figure%u\" class=\"wide-figure\">",
		number);
	svg = draw_named(r, class, cells, paths, number);
	if (svg) {
		fputs("<figcaption>", r->out);
		put_format(r->out, "The deepest stack of %s and of %s over the seeds: width is bytes, colour the subsystem.",
			   r->names[0], r->names[1]);
		fputs("</figcaption><div class=\"icicle\">", r->out);
		fputs(svg, r->out);
		fputs("</div>", r->out);
		free(svg);
	} else {
		fputs("<figcaption>No picture: it takes a stack of this class of both.</figcaption>",
		      r->out);
	}
	fputs("<ul class=\"splices\">", r->out);
	for (side = 0; side < 2; side++)
		if (paths[side])
			put_splices(r, paths[side], class, side);
	fputs("</ul>", r->out);
	for (side = 0; side < 2; side++) {
		char *command, *before;

		if (!cells[side])
			continue;
		command = run_command(r, cells[side]);
		before = xasprintf("%s, again:", r->names[side]);
		command_note(r, before, command);
		free(command);
		free(before);
		command = xasprintf("build/stackdepth report --frames %s",
				    paths[side]);
		command_note(r, "Its frames:", command);
		free(command);
		free(paths[side]);
	}
	fputs("</figure></details>\n", r->out);
}

/**
 * figure_stacks - for each class, the deepest stacks of A and B side by side
 * @r: the report
 * @group: the workload, from compare.json
 */
void figure_stacks(struct report *r, const json_t *group)
{
	json_t *cells = json_object_get(r->results, "cells");
	json_t *classes = json_object();
	unsigned int before = r->figures;
	json_t *cell, *value;
	const char *class;
	bool open = true;
	size_t i;

	json_array_foreach(cells, i, cell)
		if (same_place(cell, group) &&
		    (is(cell, "variant", r->names[0]) ||
		     is(cell, "variant", r->names[1])))
			json_object_update(classes,
					   json_object_get(cell, "stack"));
	/* the deepest of any context is one of the others, if there are any */
	if (json_object_size(classes) > 1)
		json_object_del(classes, "any");
	fputs("<h3>Deepest stacks</h3>", r->out);
	json_object_foreach(classes, class, value) {
		figure_class(r, group, class, open);
		open = open && r->figures == before;
	}
	if (r->figures == before)
		fputs("<p class=\"note\">No stacks were recorded for these cells.</p>",
		      r->out);
	json_decref(classes);
}
