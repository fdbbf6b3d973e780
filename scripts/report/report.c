// SPDX-License-Identifier: GPL-2.0-only
/* report-html: the report of a comparison as one HTML file. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

static const char help[] =
"Usage: report-html [OPTION]... COMPARE.json RESULTS.json\n"
"Write the report of a comparison as one HTML file that needs nothing else.\n"
"\n"
"  --output FILE      default - (standard output)\n"
"  --directory DIR    where cells/ID/ are (default: where RESULTS.json is)\n"
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

static json_t *load(const char *path, const char *list)
{
	json_t *json = read_json(path);

	if (json_integer_value(json_object_get(json, "schema")) != 1 ||
	    !json_is_array(json_object_get(json, list)))
		fail("%s: expected schema 1 with an array \"%s\"", path, list);
	return json;
}

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
	json_t *groups = json_object_get(r->compare, "comparisons");
	json_t *group;
	size_t i;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	      r->out);
	put_format(r->out, "%s against %s", r->names[1], r->names[0]);
	fputs("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n", r->out);
	fputs(style, r->out);
	fputs("</style>\n</head>\n<body>\n", r->out);
	section_head(r);
	section_problems(r);
	section_verdicts(r);
	json_array_foreach(groups, i, group)
		section_place(r, group);
	section_method(r);
	fputs("</body>\n</html>\n", r->out);
}

int main(int argc, char **argv)
{
	const char *output = "-";
	const char *style = "scripts/report/report.css";
	struct report r = {
		.stackdepth = "build/stackdepth",
		.gnuplot = "gnuplot",
	};
	struct output out;
	char *css;
	int option;

	program_name = "report-html";
	/* for gnuplot: µ is two bytes, whatever the locale of who runs us */
	if (setenv("LC_ALL", "C.UTF-8", 1))
		fail("out of memory");
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case 'd':
			r.directory = optarg;
			break;
		case 's':
			style = optarg;
			break;
		case 't':
			r.stackdepth = optarg;
			break;
		case 'g':
			r.gnuplot = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind != 2) {
		fprintf(stderr, "%s: expected COMPARE.json and RESULTS.json; see --help\n",
			program_name);
		return 2;
	}
	r.compare = load(argv[optind], "comparisons");
	r.results = load(argv[optind + 1], "cells");
	if (!r.directory)
		r.directory = directory_of(argv[optind + 1]);
	r.names[0] = text_of(r.compare, "a");
	r.names[1] = text_of(r.compare, "b");
	css = read_text(style, NULL);
	if (!css)
		fail("%s: %s", style, strerror(errno));
	output_open(&out, output);
	r.out = out.stream;
	write_page(&r, css);
	output_close(&out);
	return 0;
}
