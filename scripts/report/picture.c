// SPDX-License-Identifier: GPL-2.0-only
/* What other programs draw, as SVG inside the page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture.h"

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

char *replace_all(char *text, const char *old, const char *new)
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

int run_program(const char *const *argv, const char *output)
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

static FILE *open_or_fail(const char *path, const char *mode)
{
	FILE *stream = fopen(path, mode);

	if (!stream)
		fail("%s: %s", path, strerror(errno));
	return stream;
}

void drawing_begin(struct drawing *d, unsigned int number, int height)
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

void drawing_end(struct report *r, struct drawing *d, unsigned int number,
		 const char *label)
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

/* Text in a double-quoted string of gnuplot: no markup, no commands. */
char *label_text(const char *label)
{
	char *text = replace_all(xstrdup(label), "\\", "/");


	text = replace_all(text, "\"", "'");
	text = replace_all(text, "`", "'");
	text = replace_all(text, "_", "\\\\_");
	text = replace_all(text, "^", "\\\\^");
	text = replace_all(text, "@", "\\\\@");
	text = replace_all(text, "}", ")");
	return replace_all(text, "{", "(");
}
