// SPDX-License-Identifier: GPL-2.0-only
/* The report of a comparison as one HTML file. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char help[] =
" [OPTION]... COMPARE.json\n"
"Write the report of a comparison as one HTML file that needs nothing else.\n"
"\n"
"  --output FILE      default - (standard output)\n"
"  --directory DIR    where cells/ID/ are, for pictures (default: where COMPARE.json is)\n"
"  --style FILE       style sheet (default scripts/report/report.css)\n"
"  --stackdepth FILE  program that draws stacks (default build/stackdepth)\n"
"  --gnuplot FILE     program that draws distributions (default gnuplot)\n"
"\n"
"Exit status: 0 written, 1 bad input or a program that draws is missing, 2 bad usage.\n";

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "directory", required_argument, NULL, 'd' },
	{ "style", required_argument, NULL, 's' },
	{ "stackdepth", required_argument, NULL, 't' },
	{ "gnuplot", required_argument, NULL, 'g' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static char *directory_of(const char *path)
{
	char *copy = xstrdup(path);
	char *slash = strrchr(copy, '/');

	if (!slash) {
		free(copy);
		return xstrdup(".");
	}
	*slash = '\0';
	return copy;
}

static void write_page(struct report *r, const char *style)
{
	size_t i;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	      r->out);
	put_format(r->out, "%s against %s", r->c->variant[1].name,
		   r->c->variant[0].name);
	fputs("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n", r->out);
	fputs(style, r->out);
	fputs("</style>\n</head>\n<body>\n", r->out);
	section_head(r);
	section_problems(r);
	section_verdicts(r);
	for (i = 0; i < r->c->group_count; i++)
		section_place(r, &r->c->groups[i]);
	section_method(r);
	fputs("</body>\n</html>\n", r->out);
}

/* Return: -1 to go on, or the exit status. */
static int parse_arguments(int argc, char **argv, struct report *r,
			   const char **output, const char **style)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "h", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'o':
			*output = optarg;
			break;
		case 'd':
			r->directory = optarg;
			break;
		case 's':
			*style = optarg;
			break;
		case 't':
			r->stackdepth = optarg;
			break;
		case 'g':
			r->gnuplot = optarg;
			break;
		case 'h':
			printf("Usage: %s%s", program_name, help);
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind == 1)
		return -1;
	fprintf(stderr, "%s: expected COMPARE.json; see --help\n",
		program_name);
	return 2;
}

int cmd_report(int argc, char **argv)
{
	const char *output = "-";
	const char *style = xasprintf("%s/scripts/report/report.css", lab_top);
	struct report r = {
		.stackdepth = xasprintf("%s/build/stackdepth", lab_top),
		.gnuplot = "gnuplot",
	};
	struct comparison c;
	struct output out;
	char *css;
	int status;

	status = parse_arguments(argc, argv, &r, &output, &style);
	if (status >= 0)
		return status;
	/* for gnuplot: µ is two bytes, whatever the locale of who runs us */
	if (setenv("LC_ALL", "C.UTF-8", 1))
		fail("out of memory");
	comparison_load(&c, argv[optind]);
	if (c.variants == 1)
		fail("%s: expected two variants: there is nothing to compare %s with",
		     argv[optind], c.variant[0].name);
	r.c = &c;
	if (!r.directory)
		r.directory = directory_of(argv[optind]);
	css = read_text(style, NULL);
	if (!css)
		fail("%s: %s", style, strerror(errno));
	output_open(&out, output);
	r.out = out.stream;
	write_page(&r, css);
	output_close(&out);
	return 0;
}
