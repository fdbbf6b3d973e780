// SPDX-License-Identifier: GPL-2.0-only
/* The deepest stacks of A and B side by side, as stackdepth draws them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"
#include "picture.h"

/** struct deepest - the cell of a variant with the deepest stack of a class */
struct deepest {
	const struct ran *ran;	/* NULL: no cell has a file of its stacks */
	double bytes;
	char *path;
};

static char *stack_path(const struct report *r, const struct ran *ran)
{
	static const char *const names[] = {
		"stack.txt", "guest-stack_observer.txt", "guest-stack_trace.txt",
	};
	size_t i;

	for (i = 0; ran && ran->id && i < ARRAY_SIZE(names); i++) {
		char *path = xasprintf("%s/cells/%s/%s", r->directory, ran->id,
				       names[i]);

		if (!access(path, R_OK))
			return path;
		free(path);
	}
	return NULL;
}

static void find_deepest(const struct report *r, const struct group *g,
			 const struct row *row, int side,
			 struct deepest *deepest)
{
	size_t i;

	memset(deepest, 0, sizeof(*deepest));
	for (i = 0; i < row->count; i++) {
		const struct pair *pair = &row->pairs[i];
		double bytes = side ? pair->b : pair->a;
		const struct ran *ran = find_ran(r, g, side, pair->seed);
		char *path;

		if (bytes <= deepest->bytes)
			continue;
		path = stack_path(r, ran);
		if (!path)
			continue;
		free(deepest->path);
		*deepest = (struct deepest){ ran, bytes, path };
	}
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

/* A link to a file under the name of the variant and of the seed. */
static int link_named(const struct report *r, const struct deepest *of,
		      int side, const char *top, char **directory, char **link)
{
	char *target = realpath(of->path, NULL);
	char *c;
	int made;

	*directory = xasprintf("%s/%c, %s", top, side ? 'B' : 'A',
			       r->c->variant[side].name);
	for (c = *directory + strlen(top) + 1; *c; c++)
		if (*c == '/')
			*c = '_';
	*link = xasprintf("%s/seed %lld", *directory,
			  (long long)of->ran->seed);
	made = target && !mkdir(*directory, 0700) && !symlink(target, *link);
	free(target);
	return made;
}

/*
 * A drawing is headed with the directory and the name of the file: make them
 * the names of the variant and of the seed.
 */
static char *draw_named(const struct report *r, const char *class,
			const struct deepest of[2], unsigned int number)
{
	char top[] = "/tmp/report-XXXXXX";
	char *directories[2], *links[2], *svg = NULL;
	int side, made = 0;

	if (!of[0].path || !of[1].path)
		return NULL;
	if (!mkdtemp(top))
		fail("%s: %s", top, strerror(errno));
	for (side = 0; side < 2; side++)
		made += link_named(r, &of[side], side, top,
				   &directories[side], &links[side]);
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

static void stack_summary(struct report *r, const char *class,
			  const struct deepest of[2], bool open)
{
	int side;

	fprintf(r->out, "<details%s><summary>", open ? " open" : "");
	put(r->out, strcmp(class, "any") ? class : "any context");
	for (side = 0; side < 2; side++) {
		fprintf(r->out, "%s<span class=\"%c\">", side ? ", " : ": ",
			side ? 'b' : 'a');
		put_owned(r->out, of[side].ran ?
			  value_text(of[side].bytes, "bytes") :
			  xstrdup("not recorded"));
		fputs("</span>", r->out);
	}
	fputs("</summary>", r->out);
}

static void stack_commands(struct report *r, const struct deepest *of,
			   int side)
{
	char *command, *before;

	if (!of->ran)
		return;
	command = again_command(of->ran->command);
	before = xasprintf("%s, again:", r->c->variant[side].name);
	command_note(r, before, command);
	free(command);
	free(before);
	command = xasprintf("build/stackdepth report --frames %s", of->path);
	command_note(r, "Its frames and splices:", command);
	free(command);
}

/* Return: whether there is a cell to show. */
static bool figure_class(struct report *r, const struct group *g,
			 const struct row *row, const char *class, bool open)
{
	struct deepest of[2];
	unsigned int number;
	char *svg;
	int side;

	for (side = 0; side < 2; side++)
		find_deepest(r, g, row, side, &of[side]);
	if (!of[0].ran && !of[1].ran)
		return false;
	number = ++r->figures;
	stack_summary(r, class, of, open);
	fprintf(r->out, "<figure id=\"figure%u\" class=\"wide-figure\">",
		number);
	svg = draw_named(r, class, of, number);
	fputs("<figcaption>", r->out);
	if (svg)
		put_format(r->out, "The deepest stack of %s and of %s over the seeds: width is bytes, colour the subsystem.",
			   r->c->variant[0].name, r->c->variant[1].name);
	else
		put(r->out, "No picture: it takes a stack of this class of both.");
	fputs("</figcaption>", r->out);
	if (svg) {
		fputs("<div class=\"icicle\">", r->out);
		fputs(svg, r->out);
		fputs("</div>", r->out);
		free(svg);
	}
	for (side = 0; side < 2; side++) {
		stack_commands(r, &of[side], side);
		free(of[side].path);
	}
	fputs("</figure></details>\n", r->out);
	return true;
}

/* The class of stack.CLASS.max_bytes, to free; NULL for another figure. */
static char *stack_class(const struct row *row)
{
	static const char before[] = "stack.", after[] = ".max_bytes";
	size_t length = strlen(row->name);
	size_t around = strlen(before) + strlen(after);
	char *class;

	if (length <= around || strncmp(row->name, before, strlen(before)) ||
	    strcmp(row->name + length - strlen(after), after))
		return NULL;
	class = xstrdup(row->name + strlen(before));
	class[length - around] = '\0';
	return class;
}

void figure_stacks(struct report *r, const struct group *g)
{
	size_t classes = 0, shown = 0, i;

	fputs("<h3>Deepest stacks</h3>", r->out);
	for (i = 0; i < g->row_count; i++) {
		char *class = stack_class(&g->rows[i]);

		classes += class != NULL;
		free(class);
	}
	for (i = 0; i < g->row_count; i++) {
		char *class = stack_class(&g->rows[i]);

		/* the deepest of any context is one of the others */
		if (class && (classes == 1 || strcmp(class, "any")))
			shown += figure_class(r, g, &g->rows[i], class,
					      !shown);
		free(class);
	}
	if (!shown)
		fputs("<p class=\"note\">No stacks were recorded for these cells.</p>",
		      r->out);
}
